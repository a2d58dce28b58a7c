import type { HistoryEvent } from './event.ts'
import type { Outcome } from './history-writer.ts'
import { wasNeverSent } from './never-sent.ts'

/**
 * How many operations ended in which way. An operation is what happens to one message: each entry of a batch that the answer tells about, each
 * message that a receive brought, and a receive that brought none. A request that was refused as a whole, or has no answer, is one, however
 * many messages it had; so is what is done to a queue.
 */
export interface Operations {
  readonly acknowledged: number
  readonly refused: number
  readonly unknown: number
}

export const NO_OPERATIONS: Operations = { acknowledged: 0, refused: 0, unknown: 0 }

const KINDS = { ok: 'acknowledged', fail: 'refused', unknown: 'unknown' } as const

/** The operations of one request. What never left its client is none. */
export function operationsOf(outcome: Outcome): Operations {
  if (outcome.outcome !== 'ok') {
    return wasNeverSent(outcome.code) ? NO_OPERATIONS : { ...NO_OPERATIONS, [KINDS[outcome.outcome]]: 1 }
  }
  const { result } = outcome
  if (result.kind === 'receive') return { ...NO_OPERATIONS, acknowledged: Math.max(1, result.messages.length) }
  if (!('entries' in result)) return { ...NO_OPERATIONS, acknowledged: 1 }
  const counts = { ...NO_OPERATIONS }
  for (const entry of result.entries) counts[KINDS[entry.outcome]] += 1
  return counts
}

export function addOperations(a: Operations, b: Operations): Operations {
  return {
    acknowledged: a.acknowledged + b.acknowledged,
    refused: a.refused + b.refused,
    unknown: a.unknown + b.unknown,
  }
}

export function sumOf({ acknowledged, refused, unknown }: Operations): number {
  return acknowledged + refused + unknown
}

/** The operations of a history. A request without an outcome is unknown. */
export function operationsIn(events: readonly HistoryEvent[]): Operations {
  let sum = NO_OPERATIONS
  let unanswered = 0
  for (const event of events) {
    if (event.type === 'invoke') unanswered += 1
    if (event.type !== 'ok' && event.type !== 'fail' && event.type !== 'unknown') continue
    unanswered -= 1
    const outcome: Outcome =
      event.type === 'ok' ? { outcome: 'ok', result: event.result } : { outcome: event.type, code: event.code }
    sum = addOperations(sum, operationsOf(outcome))
  }
  return addOperations(sum, { ...NO_OPERATIONS, unknown: unanswered })
}
