import { describe, expect, it } from '@jest/globals'
import { type DigestedAttribute, md5OfAttributes } from './md5-of-attributes.ts'
import { md5OfText } from './md5-of-text.ts'

const string = (StringValue: string, DataType = 'String'): DigestedAttribute => ({ DataType, StringValue })
const binary = (bytes: Uint8Array | string, DataType = 'Binary'): DigestedAttribute => ({
  DataType,
  BinaryValue: Buffer.from(bytes).toString('base64'),
})

const HELLO = string('There')
const GENERAL = string('Kenobi')
const HELP = string('Me')

/** Digests recorded from SQS, or published with tests that were checked against it. */
const VECTORS: [digest: string, attributes: Record<string, DigestedAttribute>][] = [
  ['a311262e065454b75da111d535b8dacd', { Hello: HELLO }],
  ['fca026605781cb4126a1e9044df24232', { General: GENERAL, Hello: HELLO }],
  ['83fee93c1bcd8b9a5a923ffacdc636c7', { Hello: HELLO, 'Help.Me': HELP }],
  ['4c360f3fdafd970e05fae2f149d997f5', { 'Help.Me': HELP, Hello: HELLO, General: GENERAL }],
  ['ae7155c6026991b6d54b11589678bf9c', { Foo: string('Bar') }],
  ['a45daa70926828a2f0a1db3418e6feb4', { k: string('x') }],
  ['235c5c510d26fb653d073faed50ae77c', { timestamp: string('1493147359900', 'Number') }],
  ['2e2e4876d8e0bd6b8c2c8f556831c349', { timestamp: string('1493147359900', 'Number.java.lang.Long') }],
  ['36655e7e9d7c0e8479fa3f3f42247ae7', { 'SOME_Valid.attribute-Name': string('1493147359900', 'Number') }],
  [
    'b12289320bb6e494b18b645ef562b4a9',
    {
      id: string('2018fc74-4f77-1a5a-1be0-c2d037d5052b'),
      contentType: string('application/json'),
      timestamp: string('1602845432024', 'Number.java.lang.Long'),
    },
  ],
  [
    '049075255ebc53fb95f7f9f3cedf3c50',
    {
      id: string('453ae55e-f03b-21a6-a4b1-70c2e2e8fe71'),
      mybin: binary('kekchebukek'),
      timestamp: string('1603134247654', 'Number.java.lang.Long'),
      contentType: string('application/json'),
    },
  ],
  [
    '8cbe4db156db8a94db8b801b7addb984',
    { attr1: binary('traceparent\u001e00-774062d6c37081a5a0b9b5b88e30627c-2d2482211f6489da-01') },
  ],
  [
    '75c377d19d18e3e6879de32fc854cc30',
    {
      order_type: string('priority'),
      attempt: string('3', 'Number.int'),
      blob: binary(Uint8Array.of(0, 1, 2, 255), 'Binary.png'),
    },
  ],
  ['9e85d9eadc48acb681c76c07f5619efa', { b: string('1'), A: string('2'), a: string('3'), B: string('4') }],
  [
    '5ae4d5d7636402d80f4eb6d213245a88',
    { AWSTraceHeader: string('Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1') },
  ],
]

describe('md5OfAttributes', () => {
  it.each(VECTORS)('gives %s', (digest, attributes) => {
    expect(md5OfAttributes(attributes)).toBe(digest)
  })

  it('has no digest of no attributes', () => {
    expect(md5OfAttributes({})).toBeUndefined()
  })
})

describe('md5OfText', () => {
  it.each([
    ['hello world', '5eb63bbbe01eeed093cb22bb8f5acdc3'],
    ['msg', '6e2baaf3b97dbeef01c0043275f9a0e7'],
    ['foobar', '3858f62230ac3c915f300c664312c63f'],
    ['a\r\nb', '65d5f03c46e62e3f2babbe712d2ce464'],
  ])('digests the UTF-8 bytes of %j', (text, digest) => {
    expect(md5OfText(text)).toBe(digest)
  })
})
