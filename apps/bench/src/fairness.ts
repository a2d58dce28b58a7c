import { type Contender, startContender } from './contender.ts'
import { HttpConnection } from './http-connection.ts'
import { fill, sendBatch } from './life-cycle.ts'

export const FAIRNESS = 'a noisy tenant'

const NOISY_MESSAGES = 100_000
const QUIET_TENANTS = 99
const QUIET_MESSAGES = 10
const CONSUMERS = 16
const SENDERS = 8
const WARM_UP_MS = 500

/** How long a consumer takes for what one receive brought. */
const WORK_MS = 20

/** What shares the queue with the quiet tenants, and what the consumers do; `baseline` is the same load alone. */
const CASES = {
  alone: { noisy: 0, hasGroups: true, workMs: WORK_MS, baseline: 'alone' },
  'beside a noisy one': { noisy: NOISY_MESSAGES, hasGroups: true, workMs: WORK_MS, baseline: 'alone' },
  'beside a noisy one, without groups': { noisy: NOISY_MESSAGES, hasGroups: false, workMs: WORK_MS, baseline: 'alone' },
  'alone, no work': { noisy: 0, hasGroups: true, workMs: 0, baseline: 'alone, no work' },
  'beside a noisy one, no work': { noisy: NOISY_MESSAGES, hasGroups: true, workMs: 0, baseline: 'alone, no work' },
} as const

type CaseName = keyof typeof CASES

/** How long messages of quiet tenants waited from their send to their receive, by the clock of the database. */
export interface Dwell {
  readonly p50Ms: number
  readonly p95Ms: number
  readonly maxMs: number
  /** The share of a noisy tenant in what was received meanwhile. */
  readonly noisyShare: number
}

export type FairnessResult = ReadonlyMap<CaseName, readonly Dwell[]>

/**
 * One tenant has a hundred thousand messages waiting and consumers work all the time; then 99 tenants send ten messages
 * each, all at once. The cases take turns, each on a new queue. With consumers that do no work at all, the machine is what
 * everybody waits for.
 */
export async function runFairness(databaseUrl: string, rounds: number, scale: number): Promise<FairnessResult> {
  const contender = await startContender('stanchion', databaseUrl)
  const result = new Map<CaseName, Dwell[]>()
  try {
    await runCase(contender, 'alone', scale)
    for (let round = 0; round < rounds; round++) {
      for (const name of Object.keys(CASES) as CaseName[]) {
        const dwell = await runCase(contender, name, scale)
        result.set(name, [...(result.get(name) ?? []), dwell])
        console.error(`  ${name}: p95 ${dwell.p95Ms.toFixed(1)} ms`)
      }
    }
  } finally {
    await contender.stop()
  }
  return result
}

let queues = 0

async function runCase(contender: Contender, name: CaseName, scale: number): Promise<Dwell> {
  const { noisy, hasGroups, workMs } = CASES[name]
  const tenants = Math.ceil(QUIET_TENANTS / scale)
  const control = await HttpConnection.open(contender)
  const created = await control.call('CreateQueue', JSON.stringify({ QueueName: `fairness-${queues++}` }))
  const { QueueUrl } = JSON.parse(created) as { QueueUrl: string }
  if (noisy > 0) await fill(contender, QueueUrl, Math.ceil(noisy / scale), hasGroups ? 'noisy' : undefined)

  const quietIds = new Set<string>()
  const dwellsMs = new Map<string, number>()
  let receivedMeanwhile = 0
  let isSending = false
  let isOver = false
  const consume = async () => {
    const connection = await HttpConnection.open(contender)
    const input = JSON.stringify({
      QueueUrl,
      MaxNumberOfMessages: 10,
      WaitTimeSeconds: 1,
      MessageSystemAttributeNames: ['SentTimestamp', 'ApproximateFirstReceiveTimestamp'],
    })
    while (!isOver) {
      const { Messages = [] } = JSON.parse(await connection.call('ReceiveMessage', input)) as { Messages?: Message[] }
      if (Messages.length === 0) continue
      if (isSending) receivedMeanwhile += Messages.length
      for (const { MessageId, Attributes } of Messages) {
        dwellsMs.set(MessageId, Number(Attributes.ApproximateFirstReceiveTimestamp) - Number(Attributes.SentTimestamp))
      }
      if (isSending && quietIds.size === tenants * QUIET_MESSAGES)
        isOver = [...quietIds].every((id) => dwellsMs.has(id))
      if (workMs > 0) await new Promise((resolve) => setTimeout(resolve, workMs))
      const Entries = Messages.map(({ ReceiptHandle }, i) => ({ Id: String(i), ReceiptHandle }))
      await connection.call('DeleteMessageBatch', JSON.stringify({ QueueUrl, Entries }))
    }
    connection.close()
  }
  const consumers = Array.from({ length: CONSUMERS }, consume)
  await new Promise((resolve) => setTimeout(resolve, WARM_UP_MS))
  isSending = true
  let next = 0
  const send = async () => {
    const connection = await HttpConnection.open(contender)
    while (next < tenants) {
      const tenant = next++
      const answer = await sendBatch(connection, QueueUrl, QUIET_MESSAGES, hasGroups ? `quiet-${tenant}` : undefined)
      const { Successful } = JSON.parse(answer) as { Successful: { MessageId: string }[] }
      for (const { MessageId } of Successful) quietIds.add(MessageId)
    }
    connection.close()
  }
  await Promise.all(Array.from({ length: SENDERS }, send))
  await Promise.all(consumers)
  control.close()
  const sorted = [...quietIds].map((id) => dwellsMs.get(id) as number).sort((a, b) => a - b)
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] as number
  return {
    p50Ms: at(0.5),
    p95Ms: at(0.95),
    maxMs: at(1),
    noisyShare: (receivedMeanwhile - sorted.length) / receivedMeanwhile,
  }
}

interface Message {
  readonly MessageId: string
  readonly ReceiptHandle: string
  readonly Attributes: Readonly<Record<string, string>>
}

/** Medians over the rounds, and the ratio of each round to the same load alone. */
export function fairnessToMarkdown(result: FairnessResult): string {
  const median = (values: readonly number[]) => [...values].sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN
  const lines = [...result].map(([name, rounds]) => {
    const of = (read: (dwell: Dwell) => number) => median(rounds.map(read))
    const alone = result.get(CASES[name].baseline) ?? []
    const ratios = rounds.map(({ p95Ms }, i) => p95Ms / (alone[i]?.p95Ms ?? Number.NaN))
    const cells = [
      name,
      of(({ p50Ms }) => p50Ms).toFixed(0),
      of(({ p95Ms }) => p95Ms).toFixed(0),
      of(({ maxMs }) => maxMs).toFixed(0),
      `${median(ratios).toFixed(2)} (${ratios.map((ratio) => ratio.toFixed(2)).join(', ')})`,
      of(({ noisyShare }) => noisyShare).toFixed(2),
    ]
    return `| ${cells.join(' | ')} |`
  })
  return `${[
    '| quiet tenants | p50 ms | p95 ms | longest ms | p95 against alone | noisy share of receives |',
    '| --- | ---: | ---: | ---: | ---: | ---: |',
    ...lines,
  ].join('\n')}\n`
}
