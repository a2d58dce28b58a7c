import type { QueuePlan } from './queues.ts'
import type { RecordingWire, Target } from './recording-wire.ts'

const LEASE_SECONDS = 10
const RECEIVE_MAX = 10

/** How a drain goes about it. */
export interface DrainOptions {
  /** How long each of its receives waits. Default: 1. */
  readonly waitSeconds?: number
  /** A queue that counts something and delivers nothing for so long is given up. Default: 30. */
  readonly idleSecondsMax?: number
  /** A queue that is not empty after so long is given up, whatever it delivers. Default: it is not. */
  readonly secondsMax?: number
}

/**
 * Takes everything out of the queues, with a consumer for each that never stops asking. A dead-letter queue has its turn when its source
 * is empty, so that nothing arrives any more.
 * @returns whether every server counts nothing in the end
 */
export async function drain(
  wire: RecordingWire,
  targets: readonly Target[],
  queues: readonly QueuePlan[],
  { waitSeconds = 1, idleSecondsMax = 30, secondsMax = Number.POSITIVE_INFINITY }: DrainOptions = {},
): Promise<boolean> {
  const options = { waitSeconds, idleSecondsMax, secondsMax }
  const deadLetterQueues = new Set(queues.map(({ deadLetter }) => deadLetter?.queue))
  const chains = queues.filter(({ queue }) => !deadLetterQueues.has(queue))
  const results = await Promise.all(
    chains.map(async ({ queue, deadLetter }, i) => {
      // Each chain has another server first.
      const own = [...targets.slice(i % targets.length), ...targets.slice(0, i % targets.length)]
      if (!(await empty(wire, own, queue, options))) return false
      return deadLetter === undefined || (await empty(wire, own, deadLetter.queue, options))
    }),
  )
  return results.every((isEmpty) => isEmpty)
}

async function empty(
  wire: RecordingWire,
  targets: readonly Target[],
  queue: string,
  { waitSeconds, idleSecondsMax, secondsMax }: Required<DrainOptions>,
): Promise<boolean> {
  const [target] = targets as [Target]
  const lastMs = performance.now() + secondsMax * 1000
  for (let deliveredMs = performance.now(); performance.now() - deliveredMs < idleSecondsMax * 1000; ) {
    if (performance.now() > lastMs) return false
    const handles = await receive(wire, target, queue, waitSeconds)
    if (handles.length > 0) {
      deliveredMs = performance.now()
      await wire.delete(target, queue, handles)
    } else if (await countsNothing(wire, targets, queue)) {
      return true
    }
  }
  return false
}

async function receive(
  wire: RecordingWire,
  target: Target,
  queue: string,
  waitSeconds: number,
): Promise<readonly string[]> {
  const options = { max: RECEIVE_MAX, waitSeconds, leaseSeconds: LEASE_SECONDS }
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
