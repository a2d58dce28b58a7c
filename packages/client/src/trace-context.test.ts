import { describe, expect, it } from '@jest/globals'
import { readTraceContext, withTraceContext } from './index.ts'

const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'

describe('the context of a trace', () => {
  it('travels with a message, beside what the message has', () => {
    const headers = { traceparent, baggage: 'shop=7', 'x-amzn-trace-id': 'Root=1-5e1b4151-5ac6c58f' }
    const attributes = { priority: { type: 'number', value: '3' } } as const
    const sent = withTraceContext({ body: 'x', attributes }, { ...headers, 'content-type': 'text/plain' })
    expect(sent).toEqual({
      body: 'x',
      attributes: {
        ...attributes,
        traceparent: { type: 'string', value: traceparent },
        baggage: { type: 'string', value: 'shop=7' },
      },
      traceHeader: 'Root=1-5e1b4151-5ac6c58f',
    })
    expect(readTraceContext({ attributes: {}, ...sent })).toEqual(headers)
  })

  it('leaves a message alone when there is none', () => {
    expect(withTraceContext({ body: 'x' }, { tracestate: '' })).toEqual({ body: 'x' })
    expect(readTraceContext({ attributes: {} })).toEqual({})
  })

  it('reads the header of X-Ray as W3C Trace Context, where a message has it alone', () => {
    const traceHeader = 'Root=1-0af76519-16cd43dd8448eb211c80319c;Parent=b7ad6b7169203331;Sampled=1'
    expect(readTraceContext({ attributes: {}, traceHeader })).toEqual({ traceparent, 'x-amzn-trace-id': traceHeader })
    const notSampled = 'Parent=b7ad6b7169203331; Sampled=0; Root=1-0af76519-16cd43dd8448eb211c80319c'
    expect(readTraceContext({ attributes: {}, traceHeader: notSampled }).traceparent).toBe(
      traceparent.replace(/01$/, '00'),
    )
    for (const none of ['', 'Root=1-5e1b4151-5ac6c58f', 'xRoot=1-0af76519-16cd43dd8448eb211c80319c;Parent=b7']) {
      expect(readTraceContext({ attributes: {}, traceHeader: none })).toEqual({ 'x-amzn-trace-id': none })
    }
  })
})
