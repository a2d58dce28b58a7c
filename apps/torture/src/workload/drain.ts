import type { QueuePlan } from './queues.ts'
import type { RecordingWire, Target } from './recording-wire.ts'

const LEASE_SECONDS = 10
const WAIT_SECONDS = 1
const RECEIVE_MAX = 10
/** A queue that counts something and delivers nothing for so long is given up. */
const IDLE_MS_MAX = 30_000

/**
 * Takes everything out of the queues, with a consumer for each that never stops asking. A dead-letter queue has its turn when its source
 * is empty, so that nothing arrives any more.
 * @returns whether every server counts nothing in the end
 */
export async function drain(
  wire: RecordingWire,
  targets: readonly Target[],
  queues: readonly QueuePlan[],
): Promise<boolean> {
  const deadLetterQueues = new Set(queues.map(({ deadLetter }) => deadLetter?.queue))
  const chains = queues.filter(({ queue }) => !deadLetterQueues.has(queue))
  const results = await Promise.all(
    chains.map(async ({ queue, deadLetter }, i) => {
      // Each chain has another server first.
      const own = [...targets.slice(i % targets.length), ...targets.slice(0, i % targets.length)]
      if (!(await empty(wire, own, queue))) return false
      return deadLetter === undefined || (await empty(wire, own, deadLetter.queue))
    }),
  )
  return results.every((isEmpty) => isEmpty)
}

async function empty(wire: RecordingWire, targets: readonly Target[], queue: string): Promise<boolean> {
  const [target] = targets as [Target]
  for (let deliveredMs = performance.now(); performance.now() - deliveredMs < IDLE_MS_MAX; ) {
    const handles = await receive(wire, target, queue)
    if (handles.length > 0) {
      deliveredMs = performance.now()
      await wire.delete(target, queue, handles)
    } else if (await countsNothing(wire, targets, queue)) {
      return true
    }
  }
  return false
}

async function receive(wire: RecordingWire, target: Target, queue: string): Promise<readonly string[]> {
  const options = { max: RECEIVE_MAX, waitSeconds: WAIT_SECONDS, leaseSeconds: LEASE_SECONDS }
  const outcome = await wire.receive(target, queue, options)
  if (outcome.outcome !== 'ok' || outcome.result.kind !== 'receive') return []
  return outcome.result.messages.map(({ handle }) => handle)
}

async function countsNothing(wire: RecordingWire, targets: readonly Target[], queue: string): Promise<boolean> {
  for (const target of targets) {
    const outcome = await wire.count(target, queue)
    if (outcome.outcome !== 'ok' || outcome.result.kind !== 'count') return false
    const { visible, inFlight, delayed } = outcome.result.counts
    if (visible !== 0 || inFlight !== 0 || delayed !== 0) return false
  }
  return true
}
