import fc from 'fast-check'
import { refusal, settle } from '../allowed.ts'
import { settleDead } from '../look.ts'
import { acceptReceive, reachOf } from '../receive.ts'
import { command } from './command.ts'
import { names } from './names.ts'

export const receive = command(
  'receive',
  {
    queue: names,
    maxMessages: fc.constantFrom(1, 2, 3, 10),
    visibilityTimeoutSeconds: fc.constantFrom(undefined, 0, 0, 60),
    attemptId: fc.constantFrom(undefined, 'x', 'x', 'y'),
  },
  async ({ queue: short, attemptId, ...chosen }, model, door, world) => {
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
    settleDead(model, queue, target, reach.dead, ids, await rest.peek(name), await rest.peek(target.name))
  },
)
