import type { AsyncLocalStorage } from 'node:async_hooks'
import type { Span } from '@opentelemetry/api'
import type { Engine, QueueKey } from '@stanchion/queue'
import { type RequestSpan, toSpanContext } from './request-spans.ts'
import { type TracedMessage, traceContextOfMessage } from './trace-context.ts'

/** How many messages of one request get a link to where they come from. */
const LINKS_MAX = 100

/** What a request does with messages, in the words of the conventions. */
type OperationType = 'send' | 'receive' | 'settle'

/** Calls about one queue and no message of it. */
const QUEUE_CALLS = [
  'getQueue',
  'updateQueue',
  'listDeadLetterSources',
  'tagQueue',
  'untagQueue',
  'deleteQueue',
  'purgeQueue',
  'startMoveTask',
  'listMoveTasks',
  'getMoveTask',
  'cancelMoveTask',
  'countMessages',
  'getScaling',
  'statisticsOf',
] as const satisfies readonly (keyof Engine)[]

/** The engine for requests that have spans: it tells these which queue and which messages they are about. */
export function traceEngine(engine: Engine, requests: AsyncLocalStorage<RequestSpan>): Engine {
  const traced: Engine = {
    ...engine,
    async sendMessages(queue, messages, options) {
      const request = tell(requests, queue, 'send')
      if (request !== undefined) {
        countMessages(request.span, messages.length > 1 ? messages.length : undefined)
        linkTo(request, messages)
      }
      const results = await engine.sendMessages(queue, messages, options)
      const [first] = results
      if (results.length === 1 && first?.ok === true) nameMessage(request?.span, first.messageId)
      return results
    },
    async receiveMessages(queue, receive) {
      const request = tell(requests, queue, 'receive')
      const messages = await engine.receiveMessages(queue, receive)
      if (request !== undefined) {
        countMessages(request.span, messages.length)
        linkTo(request, messages)
        if (messages.length === 1) nameMessage(request.span, messages[0]?.messageId)
      }
      return messages
    },
    deleteMessages(queue, handles) {
      countMessages(tell(requests, queue, 'settle')?.span, handles.length)
      return engine.deleteMessages(queue, handles)
    },
    changeVisibility(queue, changes) {
      countMessages(tell(requests, queue, 'settle')?.span, changes.length)
      return engine.changeVisibility(queue, changes)
    },
  }
  for (const name of QUEUE_CALLS) {
    const call = engine[name] as (queue: QueueKey, ...rest: unknown[]) => unknown
    Object.assign(traced, {
      [name]: (queue: QueueKey, ...rest: unknown[]) => {
        const request = requests.getStore()
        if (request !== undefined && !request.isTold) nameQueue(request.span, queue)
        return call(queue, ...rest)
      },
    })
  }
  return traced
}

/** Says of the request that is being handled what it does; `undefined` when it has said so, or there is none. */
function tell(requests: AsyncLocalStorage<RequestSpan>, queue: QueueKey, type: OperationType): RequestSpan | undefined {
  const request = requests.getStore()
  if (request === undefined || request.isTold) return undefined
  request.isTold = true
  nameQueue(request.span, queue)
  request.span.setAttribute('messaging.operation.type', type)
  return request
}

function nameQueue(span: Span, { accountId, name }: QueueKey): void {
  span.setAttribute('messaging.destination.name', name)
  span.setAttribute('stanchion.account_id', accountId)
}

function nameMessage(span: Span | undefined, messageId: string | undefined): void {
  if (messageId !== undefined) span?.setAttribute('messaging.message.id', messageId)
}

function countMessages(span: Span | undefined, count: number | undefined): void {
  if (count !== undefined) span?.setAttribute('messaging.batch.message_count', count)
}

/** Links a request to the spans that its messages were sent in: one for each message, as far as there is room. */
function linkTo({ span, parent }: RequestSpan, messages: readonly (TracedMessage & { messageId?: string })[]): void {
  if (!span.isRecording()) return
  let links = 0
  for (const message of messages) {
    const context = traceContextOfMessage(message)
    if (context === undefined) continue
    // The request is a child of this span already.
    if (context.spanId === parent?.spanId && context.traceId === parent.traceId) continue
    const attributes = message.messageId === undefined ? {} : { 'messaging.message.id': message.messageId }
    span.addLink({ context: toSpanContext(context), attributes })
    links += 1
    if (links === LINKS_MAX) return
  }
}
