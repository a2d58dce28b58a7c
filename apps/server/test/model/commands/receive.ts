import fc from 'fast-check'
import { refusal, settle } from '../allowed.ts'
import { settleDead } from '../look.ts'
import { acceptReceive, reachOf } from '../receive.ts'
import { command } from './command.ts'
import { type Name, names } from './names.ts'
import { passBoth } from './world.ts'

/** What is chosen about a receive. */
interface Choice {
  readonly maxMessages: number
  readonly visibilityTimeoutSeconds: number | undefined
  readonly attemptId: string | undefined
}

export const receiveFrom = (queue: fc.Arbitrary<Name>, choice: fc.Arbitrary<Choice>) =>
  command(
    'receive',
    { queue, choice },
    async ({ queue: short, choice: { attemptId, ...chosen } }, model, door, world) => {
      const name = model.nameOf(short)
      const request = model.flavour === 'fifo' ? { ...chosen, attemptId } : chosen
      const queue = model.queues.get(name)
      if (queue === undefined) return settle(refusal('queueNotFound'), await door.receive(name, request))
      const reach = reachOf(model, queue, request)
      const outcome = await door.receive(name, request)
      if (!outcome.ok) return settle(new Map([['done', () => {}]]), outcome)
      acceptReceive(model, queue, request, reach, outcome.value)
      const target = model.targetOf(queue)
      if (target === undefined || reach.dead.length === 0) return
      const ids = outcome.value.map(({ messageId }) => messageId)
      const { rest } = world
      const [here, there] = await Promise.all([rest.peek(name), rest.peek(target.name)])
      settleDead(model, queue, target, reach.dead, ids, here, there)
      // What has just come to a FIFO dead-letter queue can move on a millisecond later; the clock is too slow for that to pass.
      if (target.fifo !== undefined) await passBoth(model, world, 2)
    },
  )

export const receive = receiveFrom(
  names,
  fc.record({
    maxMessages: fc.constantFrom(1, 2, 3, 10),
    visibilityTimeoutSeconds: fc.constantFrom(undefined, 0, 0, 60),
    attemptId: fc.constantFrom(undefined, 'x', 'x', 'y'),
  }),
)
