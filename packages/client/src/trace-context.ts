import type { Message, NewMessage } from './types.ts'

/** The headers of a trace, by their names in lower case: W3C Trace Context and Baggage, and the header of AWS X-Ray. */
export type TraceHeaders = Readonly<Record<string, string>>

const ATTRIBUTES = ['traceparent', 'tracestate', 'baggage'] as const
const XRAY = 'x-amzn-trace-id'

/**
 * The trace that a message belongs to, in the form that tracing libraries extract from. A message that has the header of
 * X-Ray alone, as the server gives it to messages sent in a traced request, is read as W3C Trace Context, too.
 */
export function readTraceContext({
  attributes,
  traceHeader,
}: Pick<Message, 'attributes' | 'traceHeader'>): TraceHeaders {
  const headers: Record<string, string> = {}
  for (const name of ATTRIBUTES) {
    const value = attributes[name]?.value
    if (value !== undefined) headers[name] = value
  }
  if (traceHeader === undefined) return headers
  const traceparent = headers.traceparent ?? toTraceparent(traceHeader)
  return { ...headers, ...(traceparent === undefined ? {} : { traceparent }), [XRAY]: traceHeader }
}

function toTraceparent(traceHeader: string): string | undefined {
  const [, seconds, random] = /(?:^|;) *Root=1-([0-9a-f]{8})-([0-9a-f]{24}) *(?:;|$)/i.exec(traceHeader) ?? []
  const spanId = /(?:^|;) *Parent=([0-9a-f]{16}) *(?:;|$)/i.exec(traceHeader)?.[1]
  if (seconds === undefined || spanId === undefined) return undefined
  const flags = /(?:^|;) *Sampled=1 *(?:;|$)/.test(traceHeader) ? '01' : '00'
  return `00-${seconds}${random}-${spanId}-${flags}`.toLowerCase()
}

/** The message with the trace that it is sent in; other headers are left out. W3C headers become attributes, of which a message has ten. */
export function withTraceContext(message: NewMessage, headers: TraceHeaders): NewMessage {
  const attributes = { ...message.attributes }
  for (const name of ATTRIBUTES) {
    const value = headers[name]
    if (value !== undefined && value !== '') attributes[name] = { type: 'string', value }
  }
  const traceHeader = headers[XRAY] ?? message.traceHeader
  return {
    ...message,
    ...(Object.keys(attributes).length === 0 ? {} : { attributes }),
    ...(traceHeader === undefined ? {} : { traceHeader }),
  }
}
