import { must } from './allowed.ts'
import type { EndedMove } from './doors/door.ts'
import type { Peeked } from './doors/rest-door.ts'
import type { Model } from './model.ts'
import type { ModelMessage } from './model-message.ts'
import type { ModelQueue } from './model-queue.ts'
import { show } from './receive.ts'

/** A message that a move task can take, with where it has to go; `undefined` when nobody knows or the queue is gone. */
export interface Route {
  readonly message: ModelMessage
  readonly destination: ModelQueue | undefined
}

/** What a task would move from a queue, in order. */
export function routesOf(model: Model, source: ModelQueue, destination: ModelQueue | undefined): Route[] {
  return source.open(model.nowMs).map((message) => {
    const from = message.deadLetterSource
    return { message, destination: destination ?? (from === undefined ? undefined : model.queues.get(from)) }
  })
}

/**
 * G19: what a task took is a new message where it had to go, and the rest is where it was. A task that completes takes all, one that
 * fails leaves at least one that could not go anywhere.
 */
export function settleMove(
  model: Model,
  source: ModelQueue,
  routes: readonly Route[],
  { status, moved }: EndedMove,
  peeked: ReadonlyMap<ModelQueue, readonly Peeked[]>,
): void {
  const isStuck = routes.some(({ destination }) => destination === undefined)
  must(status === (isStuck ? 'failed' : 'completed'), `G19 the task ${status}, ${isStuck ? 'not all' : 'all'} could go`)
  const left = new Set(peeked.get(source)?.map(({ messageId }) => messageId))
  const gone = routes.filter(({ message }) => !left.has(message.messageId))
  must(gone.length === moved, `G19 the task says that it moved ${moved}, gone are ${gone.length}`)
  must(isStuck || gone.length === routes.length, 'G19 a task that completes moves all')
  for (const { message, destination } of gone) {
    must(destination !== undefined, `G19 ${show([message])} is gone, and had nowhere to go`)
    const known = new Set(destination.messages.map(({ messageId }) => messageId))
    const arrived = peeked.get(destination)?.find((each) => !known.has(each.messageId) && isCopy(each, message))
    must(arrived !== undefined, `G19 ${show([message])} is gone, and did not arrive`)
    model.seen.add('moved by a task')
    source.remove(message)
    destination.messages.push(model.newMessage(destination, message, arrived.messageId))
  }
}

function isCopy({ body, groupId }: Peeked, message: ModelMessage): boolean {
  return body === message.body && groupId === message.groupId
}
