import fc from 'fast-check'
import type { ModelCommand } from './command.ts'
import { changeVisibilityOf, deleteMessageOf } from './leases.ts'
import { moveOf } from './move.ts'
import type { Name } from './names.ts'
import { createAgainOf, deleteQueueOf, purgeQueueOf, updateQueueOf } from './queues.ts'
import { receiveFrom } from './receive.ts'
import { plain, sendBatchTo, sendTo } from './send.ts'
import { passTimeOf, restart } from './world.ts'

/** Commands that show something together and that chance alone seldom brings together; they count as one. */
const mix = (...steps: readonly fc.Arbitrary<ModelCommand>[]): fc.Arbitrary<ModelCommand> =>
  fc.tuple(...steps).map((chosen) => ({
    check: () => true,
    run: async (model, world) => {
      for (const step of chosen) await step.run(model, world)
    },
    toString: () => chosen.join(' then '),
  }))

const a = fc.constant<Name>('a')
const dead = fc.constant<Name>('dead')
const receive = (maxMessages: number, visibilityTimeoutSeconds: number, queue = a) =>
  receiveFrom(queue, fc.constant({ maxMessages, visibilityTimeoutSeconds, attemptId: undefined }))

const retry = receiveFrom(a, fc.constant({ maxMessages: 10, visibilityTimeoutSeconds: 60, attemptId: 'z' }))

const sendRepeated = sendTo(a, fc.constant(plain({ deduplicationId: 'd' })))
const sendRun = sendBatchTo(
  a,
  fc
    .tuple(fc.constantFrom('g', 'h'), fc.integer({ min: 2, max: 4 }))
    .map(([groupId, size]) => Array.from({ length: size }, () => plain({ groupId }))),
)

/** G15: within the window an id is a duplicate, after it it is stored again, and the window counts from the first send. */
export const sendAgain = mix(sendRepeated, passTimeOf(1_001, 301_001), sendRepeated, passTimeOf(301_001), sendRepeated)

/** G16 G20 G21: a purge and a deletion release ids, a restart does not. */
export const forget = mix(
  sendRepeated,
  fc.oneof(purgeQueueOf(a), { weight: 2, arbitrary: mix(deleteQueueOf(a), createAgainOf(a)) }, restart),
  sendRepeated,
)

/** G12: what stands behind a leased message of its group stays there, before and after the leases are changed. */
export const block = mix(sendRun, receive(1, 60), sendRun, receive(10, 60))

/** G12: of three that were received, the second is extended: when the leases are over the first one comes alone. */
export const extendSecond = mix(
  sendRun,
  receive(10, 20),
  changeVisibilityOf(a, fc.nat(2), fc.constant(60)),
  passTimeOf(20_001),
  receive(10, 60),
)

/** G17: a receive that is made again gets the same, a moment later. */
export const receiveAgain = mix(sendRun, retry, passTimeOf(1_001), retry)

/** G9: the handle of an earlier delivery. */
export const useStale = mix(
  sendRun,
  receive(10, 0),
  receive(10, 60),
  deleteMessageOf(a, fc.integer({ min: 2, max: 4 })),
)

/** G18: dead letters, which can die once more where they came to, or go back. */
export const bury = mix(
  ...[sendRun, receive(10, 0), receive(10, 0), receive(10, 0), receive(10, 0, dead)],
  fc.oneof(mix(receive(10, 0, dead), receive(10, 0, dead)), moveOf(dead, fc.constant(undefined))),
)

/** G11 G16: what outlives its retention is gone, and its deduplication id is not released by that. */
export const outlive = mix(
  updateQueueOf(a, fc.constant({ retentionSeconds: 100 }), fc.constant(2)),
  sendRepeated,
  receive(1, 0),
  passTimeOf(45_001, 301_001),
  sendRepeated,
  receive(10, 0),
)
