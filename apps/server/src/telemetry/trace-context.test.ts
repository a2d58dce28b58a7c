import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import {
  formatXrayHeader,
  parseTraceparent,
  parseXrayHeader,
  traceContextOfHeaders,
  traceContextOfMessage,
  withTraceOfRequest,
} from './trace-context.ts'

const TRACE_ID = '5759e988bd862e3fe1be46a994272793'
const SPAN_ID = '53995c3f42cd8ad8'
const TRACEPARENT = `00-${TRACE_ID}-${SPAN_ID}-01`
const XRAY = `Root=1-5759e988-bd862e3fe1be46a994272793;Parent=${SPAN_ID};Sampled=1`
const CONTEXT = { traceId: TRACE_ID, spanId: SPAN_ID, isSampled: true }

describe('parseTraceparent', () => {
  it('reads this version, and what it knows of later ones', () => {
    expect(parseTraceparent(TRACEPARENT)).toEqual(CONTEXT)
    expect(parseTraceparent(`00-${TRACE_ID}-${SPAN_ID}-00`)).toEqual({ ...CONTEXT, isSampled: false })
    expect(parseTraceparent(`00-${TRACE_ID}-${SPAN_ID}-02`)?.isSampled).toBe(false)
    expect(parseTraceparent(`00-${TRACE_ID}-${SPAN_ID}-ff`)?.isSampled).toBe(true)
    expect(parseTraceparent(`cc-${TRACE_ID}-${SPAN_ID}-01-what-else`)).toEqual(CONTEXT)
    expect(parseTraceparent(` ${TRACEPARENT} `)).toEqual(CONTEXT)
  })

  it.each([
    ['nothing', ''],
    ['the version that is never given', `ff-${TRACE_ID}-${SPAN_ID}-01`],
    ['more than this version says', `${TRACEPARENT}-more`],
    ['letters behind the flags', `cc-${TRACE_ID}-${SPAN_ID}-01x`],
    ['capitals', TRACEPARENT.toUpperCase()],
    ['a trace of zeros', `00-${'0'.repeat(32)}-${SPAN_ID}-01`],
    ['a span of zeros', `00-${TRACE_ID}-${'0'.repeat(16)}-01`],
    ['a short trace', `00-${TRACE_ID.slice(1)}-${SPAN_ID}-01`],
    ['a long span', `00-${TRACE_ID}-${SPAN_ID}0-01`],
    ['no flags', `00-${TRACE_ID}-${SPAN_ID}`],
    ['letters that are no digits', `00-${'g'.repeat(32)}-${SPAN_ID}-01`],
    ['two of them', `${TRACEPARENT},${TRACEPARENT}`],
    ['a line break', `${TRACEPARENT}\n${TRACEPARENT}`],
    ['no end', `cc-${TRACE_ID}-${SPAN_ID}-01-${'x'.repeat(10_000)}`],
  ])('takes %s for no trace', (_what, text) => {
    expect(parseTraceparent(text)).toBeUndefined()
  })
})

describe('parseXrayHeader', () => {
  it('reads its parts in any order, with others between them', () => {
    expect(parseXrayHeader(XRAY)).toEqual(CONTEXT)
    expect(
      parseXrayHeader(`Sampled=0; Parent=${SPAN_ID}; Lineage=1:a; Root=1-5759e988-bd862e3fe1be46a994272793`),
    ).toEqual({ ...CONTEXT, isSampled: false })
    expect(parseXrayHeader(`Self=1-0-0;${XRAY};`)).toEqual(CONTEXT)
    expect(parseXrayHeader(XRAY.replace('bd862e', 'BD862E'))).toEqual(CONTEXT)
    expect(parseXrayHeader(XRAY.replace('Sampled=1', 'Sampled=?'))?.isSampled).toBe(false)
  })

  it.each([
    ['nothing', ''],
    ['a root alone', 'Root=1-5759e988-bd862e3fe1be46a994272793'],
    ['a parent alone', `Parent=${SPAN_ID}`],
    ['another version', XRAY.replace('Root=1-', 'Root=2-')],
    ['a short root', XRAY.replace('bd862e', '')],
    ['a parent that is no number', XRAY.replace(SPAN_ID, 'x'.repeat(16))],
    ['a root of zeros', `Root=1-00000000-${'0'.repeat(24)};Parent=${SPAN_ID}`],
    ['a parent of zeros', XRAY.replace(SPAN_ID, '0'.repeat(16))],
    ['a root whose first mention is wrong', `Root=;${XRAY}`],
    ['separators alone', ';;;===;'],
    ['names in lower case', XRAY.toLowerCase()],
    ['no end', `${XRAY};Lineage=${'a'.repeat(10_000)}`],
  ])('takes %s for no trace', (_what, text) => {
    expect(parseXrayHeader(text)).toBeUndefined()
  })

  it('reads what it writes', () => {
    const hex = (length: number) =>
      fc
        .array(fc.constantFrom(...'0123456789abcdef'), { minLength: length, maxLength: length })
        .map((digits) => digits.join(''))
        .filter((digits) => !/^0+$/.test(digits))
    fc.assert(
      fc.property(hex(32), hex(16), fc.boolean(), (traceId, spanId, isSampled) => {
        const context = { traceId, spanId, isSampled }
        expect(parseXrayHeader(formatXrayHeader(context))).toEqual(context)
      }),
    )
  })

  it('throws at no text at all, nor does the other', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        parseXrayHeader(text)
        parseTraceparent(text)
      }),
    )
  })
})

describe('the trace of requests and messages', () => {
  it('takes W3C before X-Ray, and X-Ray when W3C is no trace', () => {
    const other = `Root=1-11111111-111111111111111111111111;Parent=${SPAN_ID};Sampled=1`
    expect(traceContextOfHeaders({ traceparent: TRACEPARENT, 'x-amzn-trace-id': other })).toEqual(CONTEXT)
    expect(traceContextOfHeaders({ traceparent: 'x', 'x-amzn-trace-id': XRAY })).toEqual(CONTEXT)
    expect(traceContextOfHeaders({ traceparent: [TRACEPARENT] })).toBeUndefined()
    expect(traceContextOfHeaders({})).toBeUndefined()
    const attributes = { traceparent: { type: 'string', value: TRACEPARENT } } as const
    expect(traceContextOfMessage({ attributes, traceHeader: other })).toEqual(CONTEXT)
    expect(traceContextOfMessage({ traceHeader: XRAY })).toEqual(CONTEXT)
    expect(traceContextOfMessage({ attributes: { traceparent: { type: 'string', value: '?' } } })).toBeUndefined()
    expect(traceContextOfMessage({ attributes: { traceparent: { type: 'binary', value: 'AAAA' } } })).toBeUndefined()
  })

  it('gives a message the trace of its request, unless it has one', () => {
    const message: { body: string; traceHeader?: string } = { body: 'x' }
    expect(withTraceOfRequest(message, { traceparent: TRACEPARENT })).toEqual({ body: 'x', traceHeader: XRAY })
    expect(withTraceOfRequest(message, { 'x-amzn-trace-id': XRAY })).toEqual({ body: 'x', traceHeader: XRAY })
    expect(withTraceOfRequest(message, { traceparent: 'é\u0001' })).toBe(message)
    expect(withTraceOfRequest(message, {})).toBe(message)
    const own = { body: 'x', traceHeader: 'whatever' }
    expect(withTraceOfRequest(own, { traceparent: TRACEPARENT })).toBe(own)
    const attributed = { body: 'x', attributes: { traceparent: { type: 'string', value: TRACEPARENT } } } as const
    expect(withTraceOfRequest(attributed, { traceparent: TRACEPARENT })).toBe(attributed)
  })
})
