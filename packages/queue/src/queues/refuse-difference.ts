import { QueueError } from '../errors.ts'
import { areSamePolicies } from '../scaling/scaling-policy.ts'
import type { FifoSettings, NewQueue, Queue } from '../types.ts'
import { areSameSources, differingSetting } from './validate-queue.ts'

/** @throws QueueError `queueExists` when the call gives a value that differs from the existing queue's */
export function refuseDifference(input: NewQueue, queue: Queue): void {
  const setting = differingSetting(input.settings ?? {}, queue.settings)
  const annotation = Object.entries(input.annotations ?? {}).find(
    ([name, value]) => queue.annotations[name] !== value,
  )?.[0]
  const fifo = Object.entries(input.fifo ?? {}).find(
    ([name, value]) => queue.fifo?.[name as keyof FifoSettings] !== value,
  )?.[0]
  const field = setting ?? annotation ?? fifo ?? differingDeadLetter(input, queue) ?? differingScaling(input, queue)
  if (field === undefined) return
  throw new QueueError('queueExists', `A queue of this name exists with another value for ${field}.`, { field })
}

function differingScaling({ scaling }: NewQueue, queue: Queue): string | undefined {
  return scaling === undefined || areSamePolicies(scaling, queue.scaling) ? undefined : 'scaling'
}

function differingDeadLetter({ deadLetter, deadLetterSources }: NewQueue, queue: Queue): string | undefined {
  const isSame =
    deadLetter === undefined ||
    (deadLetter?.queueName === queue.deadLetter?.queueName &&
      deadLetter?.receiveCountMax === queue.deadLetter?.receiveCountMax)
  if (!isSame) return 'deadLetter'
  if (deadLetterSources === undefined || areSameSources(deadLetterSources, queue.deadLetterSources)) return undefined
  return 'deadLetterSources'
}
