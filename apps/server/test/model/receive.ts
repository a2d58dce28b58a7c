import { must, mustEqual } from './allowed.ts'
import type { Received, ReceiveRequest } from './doors/door.ts'
import type { Model } from './model.ts'
import type { ModelMessage } from './model-message.ts'
import { type Attempt, type ModelQueue, WINDOW_MS } from './model-queue.ts'

/** What a receive has to do with: the messages that it may hand out, and those that it may move as dead letters. */
export interface Reach {
  readonly open: readonly ModelMessage[]
  readonly dead: readonly ModelMessage[]
  /** What the receive has to hand out, because it was made before with its attempt id. */
  readonly repeated: Attempt | undefined
}

export function reachOf(model: Model, queue: ModelQueue, request: ReceiveRequest): Reach {
  const repeated = repeatedOf(model, queue, request)
  if (repeated !== undefined) return { open: [], dead: [], repeated }
  const all = queue.open(model.nowMs)
  const isDead = (message: ModelMessage) => model.isDead(queue, message)
  return { open: all.filter((message) => !isDead(message)), dead: all.filter(isDead), repeated }
}

/** G17: nothing has happened to any of the messages, so their leases are what they were made to be. */
function repeatedOf({ nowMs }: Model, queue: ModelQueue, request: ReceiveRequest): Attempt | undefined {
  if (queue.fifo === undefined || request.attemptId === undefined) return undefined
  const attempt = queue.attempts.get(request.attemptId)
  if (attempt === undefined || attempt.claimedAtMs + WINDOW_MS <= nowMs || attempt.visibleAtMs <= nowMs)
    return undefined
  if (attempt.deliveries.length > request.maxMessages) return undefined
  const isUntouched = attempt.deliveries.every(
    ({ message, leases }) => queue.messages.includes(message) && message.leases === leases,
  )
  return isUntouched ? attempt : undefined
}

/** Holds what was received against what may be received, and leases it. */
export function acceptReceive(
  model: Model,
  queue: ModelQueue,
  request: ReceiveRequest,
  { open, repeated }: Reach,
  received: readonly Received[],
): void {
  const timeoutSeconds = request.visibilityTimeoutSeconds ?? queue.settings.visibilityTimeoutSeconds
  const visibleAtMs = model.nowMs + timeoutSeconds * 1000
  if (repeated !== undefined) {
    acceptRepeated(repeated, received, visibleAtMs)
    model.seen.add('repeated receive')
    return
  }
  must(received.length <= request.maxMessages, `${received.length} messages instead of ${request.maxMessages} at most`)
  const blocked = queue.fifo === undefined ? 0 : ready(model, queue) - queue.open(model.nowMs).length
  model.seen.add('blocked', blocked)
  must(received.length > 0 || open.length === 0, `G25 nothing is received, although there is ${show(open)}`)
  const messages = received.map((delivery) => find(queue, open, delivery))
  must(new Set(messages).size === messages.length, 'G6 a message is received twice at once')
  if (queue.fifo !== undefined) checkGroups(open, messages, messages.length < request.maxMessages)
  messages.forEach((message, i) => {
    lease(model, queue, message, received[i] as Received, visibleAtMs)
  })
  if (queue.fifo !== undefined && request.attemptId !== undefined && messages.length > 0) {
    const deliveries = messages.map((message, i) => {
      return { message, leases: message.leases, handle: (received[i] as Received).handle }
    })
    queue.attempts.set(request.attemptId, { claimedAtMs: model.nowMs, visibleAtMs, deliveries })
  }
}

function ready(model: Model, queue: ModelQueue): number {
  return queue.messages.filter((message) => queue.stateOf(message, model.nowMs) === 'ready').length
}

function acceptRepeated(attempt: Attempt, received: readonly Received[], visibleAtMs: number): void {
  const { deliveries } = attempt
  const ids = deliveries.map(({ message, handle }) => [message.messageId, handle])
  mustEqual(
    received.map(({ messageId, handle }) => [messageId, handle]),
    ids,
    'G17 a repeated receive',
  )
  attempt.visibleAtMs = visibleAtMs
  for (const delivery of deliveries) {
    delivery.message.visibleAtMs = visibleAtMs
    delivery.leases = ++delivery.message.leases
  }
}

function find(queue: ModelQueue, open: readonly ModelMessage[], { messageId, body }: Received): ModelMessage {
  const message = queue.messages.find((each) => each.messageId === messageId)
  must(message !== undefined, `G2 G5 "${body}" is received, which is not in the queue`)
  must(open.includes(message), `G6 G7 G12 G18 "${body}" is received, which is leased, delayed, blocked or dead`)
  return message
}

/** G12: of each group as many as possible from its front, and one group after the other. */
function checkGroups(open: readonly ModelMessage[], received: readonly ModelMessage[], hasRoom: boolean): void {
  const groups = [...new Set(received.map(({ groupId }) => groupId))]
  groups.forEach((group, i) => {
    const run = open.filter(({ groupId }) => groupId === group)
    const part = received.filter(({ groupId }) => groupId === group)
    const isOver = hasRoom || i < groups.length - 1
    must(isDeepPrefix(part, run), `G12 of group ${group} come ${show(part)}, which do not begin ${show(run)}`)
    must(
      !isOver || part.length === run.length,
      `of group ${group} come ${show(part)} alone, although there is ${show(run)}`,
    )
  })
  const ordered = groups.flatMap((group) => received.filter(({ groupId }) => groupId === group))
  must(isDeepPrefix(ordered, received), `the groups are mixed: ${show(received)}`)
}

function isDeepPrefix(part: readonly ModelMessage[], whole: readonly ModelMessage[]): boolean {
  return part.every((message, i) => message === whole[i])
}

function lease(model: Model, queue: ModelQueue, message: ModelMessage, delivery: Received, visibleAtMs: number): void {
  model.seen.add(message.receiveCount === 0 ? 'received' : 'received again')
  if (message.deadLetterSource !== undefined) model.seen.add('received dead letter')
  message.receiveCount++
  message.firstReceivedAtMs ??= model.nowMs
  message.visibleAtMs = visibleAtMs
  message.leases++
  const { handle, sentAtMs, firstReceivedAtMs, ...shown } = delivery
  const { messageId, body, attributes, groupId, receiveCount, deadLetterSource } = message
  mustEqual(
    sorted(shown),
    sorted({ messageId, body, attributes, groupId, receiveCount, deadLetterSource }),
    'G2 G10 what is received',
  )
  mustBeAbout(sentAtMs, message.sentAtMs, 'when it was sent')
  mustBeAbout(firstReceivedAtMs, message.firstReceivedAtMs, 'when it was received first')
  must(!model.handles.some(({ text }) => text === handle), `G9 the handle ${handle} was given before`)
  model.handles.push({ text: handle, queue, message, receiveCount })
}

/** The clock goes a little by itself, which the model does not know. */
function mustBeAbout(actualMs: number, expectedMs: number, what: string): void {
  const aheadMs = actualMs - expectedMs
  must(aheadMs > -2 && aheadMs < 1_000, `${what} is told ${aheadMs} ms wrong`)
}

/** The members in one order, so that a difference is easy to see. */
function sorted(value: object): object {
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
}

/** Messages as a failure tells them. */
export function show(messages: readonly ModelMessage[]): string {
  return `[${messages.map(({ body, receiveCount }) => `"${body.slice(0, 10)}" (${receiveCount})`).join(', ')}]`
}
