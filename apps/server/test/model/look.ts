import { must, mustEqual } from './allowed.ts'
import type { Peeked } from './doors/rest-door.ts'
import type { Model } from './model.ts'
import type { ModelMessage } from './model-message.ts'
import type { ModelQueue } from './model-queue.ts'
import { show } from './receive.ts'

/** G1 G5 G10 G18: a queue holds what it should, in the states in which it should be, and nothing else. */
export function checkContents(model: Model, queue: ModelQueue, peeked: readonly Peeked[]): void {
  const expected = queue.messages.map((message) => ({
    messageId: message.messageId,
    state: queue.stateOf(message, model.nowMs),
    body: message.body,
    receiveCount: message.receiveCount,
    deadLetterSource: message.deadLetterSource,
    groupId: message.groupId,
  }))
  const actual = peeked.map(({ messageId, state, body, receiveCount, deadLetterSource, groupId }) => {
    return { messageId, state, body, receiveCount, deadLetterSource, groupId }
  })
  mustEqual(byId(actual), byId(expected), `what ${queue.name} holds`)
}

function byId<T extends { messageId: string }>(messages: readonly T[]): T[] {
  return messages.toSorted((a, b) => (a.messageId < b.messageId ? -1 : 1))
}

/**
 * G18: each message that a receive could move as a dead letter is in one of the two queues now. It has to be moved when the receive
 * found nothing, or when it handed out what stands behind it in its group.
 */
export function settleDead(
  model: Model,
  source: ModelQueue,
  target: ModelQueue,
  dead: readonly ModelMessage[],
  received: readonly string[],
  inSource: readonly Peeked[],
  inTarget: readonly Peeked[],
): void {
  const order = source.messages
  const last = (groupId: string | undefined) =>
    order.findLastIndex((message) => message.groupId === groupId && received.includes(message.messageId))
  for (const message of dead) {
    const [here, there] = [inSource, inTarget].map((all) =>
      all.some(({ messageId }) => messageId === message.messageId),
    )
    // The retention of the dead-letter queue counts from the first send, and may be over.
    const isOutlived = target.fifo === undefined && model.isExpired(target, message)
    must(
      here !== there || (isOutlived && !here),
      `G18 ${show([message])} is in ${here ? 'both queues' : 'neither queue'}`,
    )
    if (!here) {
      moveDead(model, source, target, message)
      if (isOutlived) target.remove(message)
      continue
    }
    must(received.length > 0, `G18 the receive found nothing, but ${show([message])} was not moved`)
    const isPassed = source.fifo !== undefined && last(message.groupId) > order.indexOf(message)
    must(!isPassed, `G12 ${show([message])} was passed over by its group`)
  }
}

function moveDead(model: Model, source: ModelQueue, target: ModelQueue, message: ModelMessage): void {
  source.remove(message)
  model.seen.add(message.deadLetterSource === undefined ? 'dead letter' : 'moved on')
  message.deadLetterSource = source.name
  if (target.fifo !== undefined) message.retainedFromMs = model.nowMs
  target.messages.push(message)
}
