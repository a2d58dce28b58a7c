import { type BadCase, jsonRequest } from './bad-case.ts'
import { faultOf } from './judge.ts'
import type { Connections, WireAnswer } from './wire.ts'

/** An answer to a bad request is there by then. */
const ANSWER_MS_MAX = 1_000
/** Every so many bad requests there is a right one beside them. */
const NEIGHBOUR_EVERY = 10
const FAULTS_MAX = 20

/** What came of a run. */
export interface CasesRun {
  /** What is wrong, in words; the first few. */
  readonly faults: readonly string[]
  /** The bodies that right requests sent, each of which was answered with success. */
  readonly neighbours: readonly string[]
  readonly statuses: Readonly<Record<number, number>>
}

/**
 * Sends all cases over connections that are kept, many at a time, and right requests between them.
 * @param neighbour the queue that right requests go to
 * @param label makes the bodies of right requests unique
 */
export async function runCases(
  connections: Connections,
  cases: readonly BadCase[],
  neighbour: string,
  label: string,
  concurrency: number,
): Promise<CasesRun> {
  const faults: string[] = []
  const neighbours: string[] = []
  const statuses: Record<number, number> = {}
  let next = 0
  const worker = async () => {
    while (next < cases.length && faults.length < FAULTS_MAX) {
      const place = next++
      if (place % NEIGHBOUR_EVERY === 0) {
        const MessageBody = `${label} ${place}`
        const { status, text } = await connections.send(
          jsonRequest('SendMessage', JSON.stringify({ QueueUrl: neighbour, MessageBody })),
        )
        if (status === 200) neighbours.push(MessageBody)
        else faults.push(`a right request among bad ones was answered ${status} ${text}`)
      }
      const bad = cases[place] as BadCase
      const fault = await tryCase(connections, bad, statuses)
      if (fault !== undefined) faults.push(`${fault}: ${bad.door} ${bad.what} ${describe(bad)}`)
    }
  }
  await Promise.all(Array.from({ length: concurrency }, worker))
  return { faults, neighbours, statuses }
}

async function tryCase(
  connections: Connections,
  bad: BadCase,
  statuses: Record<number, number>,
): Promise<string | undefined> {
  try {
    let answer = await connections.send(bad.request)
    statuses[answer.status] = (statuses[answer.status] ?? 0) + 1
    // The machine may have been busy with something else; what is slow by itself is slow again.
    if (answer.tookMs > ANSWER_MS_MAX) answer = await connections.send(bad.request)
    const fault = faultOf(bad, answer) ?? lateness(answer)
    return fault === undefined ? undefined : `${fault} (${answer.status} ${answer.text.slice(0, 200)})`
  } catch (error) {
    return `no answer (${(error as Error).message})`
  }
}

function lateness({ tookMs }: WireAnswer): string | undefined {
  return tookMs > ANSWER_MS_MAX ? `the answer took ${Math.round(tookMs)} ms` : undefined
}

function describe({ request: { method, target, body } }: BadCase): string {
  const shown = body === undefined ? '' : JSON.stringify(body.toString('latin1').slice(0, 300))
  return `${method} ${target.slice(0, 300)} ${shown}`
}
