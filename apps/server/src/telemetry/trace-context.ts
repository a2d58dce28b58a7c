import type { MessageAttributes } from '@stanchion/queue'

/** Names one span of somebody's trace. */
export interface TraceContext {
  /** 32 lower-case hex digits. */
  readonly traceId: string
  /** 16 lower-case hex digits. */
  readonly spanId: string
  readonly isSampled: boolean
}

/** What a header of a trace may be long: real ones have about a hundred characters. */
const HEADER_LENGTH_MAX = 1_024
const TRACEPARENT = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/
const XRAY_ROOT = /^1-([0-9a-f]{8})-([0-9a-f]{24})$/i
const XRAY_PARENT = /^[0-9a-f]{16}$/i
const ZEROS = /^0+$/

/** Reads the `traceparent` of W3C Trace Context, of this version or a later one. `undefined` for whatever is none. */
export function parseTraceparent(text: string): TraceContext | undefined {
  if (text.length > HEADER_LENGTH_MAX) return undefined
  const [, version, traceId = '', spanId = '', flags = '', rest] = TRACEPARENT.exec(text.trim()) ?? []
  if (version === undefined || version === 'ff') return undefined
  // Later versions may say more behind the flags; this one ends there.
  if (version === '00' && rest !== undefined) return undefined
  return contextOf(traceId, spanId, (Number.parseInt(flags, 16) & 1) === 1)
}

/** Reads the header of AWS X-Ray, `Root=…;Parent=…;Sampled=…` in any order. `undefined` where it names no span. */
export function parseXrayHeader(text: string): TraceContext | undefined {
  if (text.length > HEADER_LENGTH_MAX) return undefined
  const parts = new Map<string, string>()
  for (const part of text.split(';')) {
    const place = part.indexOf('=')
    const name = part.slice(0, Math.max(place, 0)).trim()
    if (!parts.has(name)) parts.set(name, part.slice(place + 1).trim())
  }
  const [, seconds, random] = XRAY_ROOT.exec(parts.get('Root') ?? '') ?? []
  const spanId = parts.get('Parent') ?? ''
  if (seconds === undefined || random === undefined || !XRAY_PARENT.test(spanId)) return undefined
  return contextOf(`${seconds}${random}`.toLowerCase(), spanId.toLowerCase(), parts.get('Sampled') === '1')
}

function contextOf(traceId: string, spanId: string, isSampled: boolean): TraceContext | undefined {
  return ZEROS.test(traceId) || ZEROS.test(spanId) ? undefined : { traceId, spanId, isSampled }
}

/** The same as a header of AWS X-Ray, which is how a message keeps it and SQS clients read it. */
export function formatXrayHeader({ traceId, spanId, isSampled }: TraceContext): string {
  return `Root=1-${traceId.slice(0, 8)}-${traceId.slice(8)};Parent=${spanId};Sampled=${isSampled ? 1 : 0}`
}

/** The span that a request belongs to, by its headers; W3C goes before X-Ray. */
export function traceContextOfHeaders(
  headers: Readonly<Record<string, string | string[] | undefined>>,
): TraceContext | undefined {
  const { traceparent, 'x-amzn-trace-id': xray } = headers
  const context = typeof traceparent === 'string' ? parseTraceparent(traceparent) : undefined
  return context ?? (typeof xray === 'string' ? parseXrayHeader(xray) : undefined)
}

/** What of a message says where it comes from. */
export interface TracedMessage {
  readonly attributes?: MessageAttributes | undefined
  readonly traceHeader?: string | undefined
}

/** The span that a message was sent in, by the attribute `traceparent` or else by its trace header. */
export function traceContextOfMessage({ attributes, traceHeader }: TracedMessage): TraceContext | undefined {
  const attribute = traceparentOf(attributes)
  const context = attribute === undefined ? undefined : parseTraceparent(attribute)
  return context ?? (traceHeader === undefined ? undefined : parseXrayHeader(traceHeader))
}

/**
 * The message with the trace of the request that sends it, as its trace header; as it is when it has a trace of its own or
 * the request has none. A header that is no trace is none, and no reason to refuse a message.
 */
export function withTraceOfRequest<Message extends TracedMessage>(
  message: Message,
  headers: Readonly<Record<string, string | string[] | undefined>>,
): Message {
  if (message.traceHeader !== undefined || traceparentOf(message.attributes) !== undefined) return message
  const context = traceContextOfHeaders(headers)
  return context === undefined ? message : { ...message, traceHeader: formatXrayHeader(context) }
}

function traceparentOf(attributes: MessageAttributes | undefined): string | undefined {
  if (attributes === undefined || !Object.hasOwn(attributes, 'traceparent')) return undefined
  const attribute = attributes.traceparent
  return attribute?.type === 'string' ? attribute.value : undefined
}
