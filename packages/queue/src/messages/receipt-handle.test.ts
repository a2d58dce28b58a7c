import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { type Delivery, ReceiptHandles } from './receipt-handle.ts'

const OLD = { id: 1, secret: Buffer.alloc(32, 'old') }
const NEW = { id: 7, secret: Buffer.alloc(32, 'new') }
const handles = new ReceiptHandles([OLD, NEW])

const deliveries: fc.Arbitrary<Delivery> = fc.record({
  queueId: fc.integer({ min: 1, max: 2 ** 32 - 1 }),
  bucket: fc.integer({ min: 0, max: 2 ** 16 - 1 }),
  lane: fc.integer({ min: -(2 ** 47), max: 2 ** 47 - 1 }),
  seq: fc.bigInt({ min: 0n, max: 2n ** 63n - 1n }),
  leaseSeq: fc.bigInt({ min: 0n, max: 2n ** 63n - 1n }),
  leaseIndex: fc.integer({ min: 0, max: 2 ** 16 - 1 }),
  receiveCount: fc.integer({ min: 1, max: 2 ** 40 }),
})

describe('ReceiptHandles', () => {
  it('reads from a handle what was written', () => {
    fc.assert(
      fc.property(deliveries, (delivery) => {
        expect(handles.decode(handles.encode(delivery))).toEqual(delivery)
      }),
    )
  })

  it('G8 reads what nodes of other versions write, and handles of keys that are not the newest', () => {
    const delivery: Delivery = {
      queueId: 7,
      bucket: 3,
      lane: -12_345,
      seq: 1_838_599_020_650_004_480n,
      leaseSeq: 1_838_599_020_650_004_483n,
      leaseIndex: 999,
      receiveCount: 1,
    }
    const handle = 'AQcAAAAHAAMD5______PxxmEBBFmOYAAGYQEEWY5gAM_8AAAAAAAAL4JH6AW2HBv0hQl0A'
    expect(handles.encode(delivery)).toBe(handle)
    expect(handles.decode(handle)).toEqual(delivery)
    expect(handles.decode('AQEAAAAHAAMD50AAAAAABRmEBBFmOYAAGYQEEWY5gANA8RcAAAAAAKQ3M8clluE1iRlGbg')).toEqual({
      ...delivery,
      lane: 2 ** 46 + 5,
      receiveCount: 70_000,
    })
    expect(new ReceiptHandles([OLD]).decode(handle)).toBeUndefined()
  })

  it('refuses a handle of which any character was changed, taken or added', () => {
    const character = fc.constantFrom(...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_+/= é')
    fc.assert(
      fc.property(deliveries, fc.nat(69), character, (delivery, at, changed) => {
        const handle = handles.encode(delivery)
        fc.pre(handle[at] !== changed)
        for (const other of [changed, '', handle[at] + changed]) {
          expect(handles.decode(handle.slice(0, at) + other + handle.slice(at + 1))).toBeUndefined()
        }
      }),
    )
  })
})
