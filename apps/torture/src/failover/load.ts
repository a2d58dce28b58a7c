import type { Ledger } from './ledger.ts'

/** Callers that send and consume over REST until they are told to stop. */
export interface Load {
  /** Ends when every request under way has its answer. */
  stop(): Promise<void>
}

interface Received {
  readonly body: string
  readonly receiptHandle: string
}

const SENDERS = 6
const CONSUMERS = 3
const REQUEST_SECONDS_MAX = 30
/** A queue that answers with errors is left alone for so long. */
const PAUSE_MS = 50
const LEASE_SECONDS = 20

/** Sends and consumes with unique bodies, and keeps account of every answer. Unknown outcomes are never asked again. */
export function startLoad(queueUrl: string, ledger: Ledger): Load {
  let isOver = false
  let next = 0
  const until = async (call: () => Promise<boolean>) => {
    while (!isOver) {
      if (!(await call())) await new Promise((resolve) => setTimeout(resolve, PAUSE_MS))
    }
  }
  const callers = [
    ...Array.from({ length: SENDERS }, () => until(() => send(queueUrl, `message-${next++}`, ledger))),
    ...Array.from({ length: CONSUMERS }, () => until(async () => (await consume(queueUrl, ledger)) > 0)),
  ]
  return {
    async stop() {
      isOver = true
      await Promise.all(callers)
    },
  }
}

/** Takes out everything there is, also what is still in flight. */
export async function drain(queueUrl: string, ledger: Ledger): Promise<void> {
  for (;;) {
    if ((await consume(queueUrl, ledger)) > 0) continue
    const { value } = await call(`${queueUrl}/counts`, 'GET')
    const counts = value as { visible: number; inFlight: number; delayed: number } | undefined
    if (counts !== undefined && counts.visible + counts.inFlight + counts.delayed === 0) return
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS))
  }
}

async function send(queueUrl: string, body: string, ledger: Ledger): Promise<boolean> {
  const { outcome } = await call(`${queueUrl}/messages`, 'POST', { body })
  if (outcome === 'ok') ledger.sent(body)
  if (outcome === 'unknown') ledger.unknown++
  return outcome === 'ok'
}

/** @returns how many messages it was given */
async function consume(queueUrl: string, ledger: Ledger): Promise<number> {
  const askedAt = ledger.moment()
  const wanted = { maxMessages: 10, waitSeconds: 0, visibilityTimeoutSeconds: LEASE_SECONDS }
  const { value } = await call(`${queueUrl}/receive`, 'POST', wanted)
  const messages = (value as { messages?: Received[] } | undefined)?.messages ?? []
  for (const { body, receiptHandle } of messages) {
    ledger.received(body, askedAt)
    const { outcome } = await call(`${queueUrl}/leases/${encodeURIComponent(receiptHandle)}`, 'DELETE')
    if (outcome === 'ok') ledger.deleted(body)
    if (outcome === 'unknown') ledger.unknown++
  }
  return messages.length
}

/** A request as REST has it. `unknown`: no answer, or one that does not exclude an effect. */
async function call(url: string, method: string, input?: unknown) {
  try {
    const response = await fetch(url, {
      method,
      ...(input === undefined ? {} : { body: JSON.stringify(input), headers: { 'content-type': 'application/json' } }),
      signal: AbortSignal.timeout(REQUEST_SECONDS_MAX * 1000),
    })
    const text = await response.text()
    if (response.ok) return { outcome: 'ok', value: text === '' ? undefined : (JSON.parse(text) as unknown) } as const
    return { outcome: response.status < 500 ? 'refused' : 'unknown' } as const
  } catch {
    return { outcome: 'unknown' } as const
  }
}
