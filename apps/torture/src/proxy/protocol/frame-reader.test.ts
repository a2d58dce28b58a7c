import { describe, expect, it } from '@jest/globals'
import { FrameReader, ProtocolError } from './frame-reader.ts'
import { message, sslRequest, startupMessage } from './write-frames.ts'

const FRONTEND = Buffer.concat([
  sslRequest(),
  startupMessage({ user: 'postgres', application_name: 'stanchion' }),
  message('Q', 'SELECT 1\0'),
  message('P', 'name\0SELECT 2\0\0\0'),
  message('B', Buffer.alloc(300, 7)),
  message('S'),
  message('X'),
])
const FRONTEND_TYPES = ['SSLRequest', 'StartupMessage', 'Query', 'Parse', 'Bind', 'Sync', 'Terminate']

function read(reader: FrameReader, bytes: Buffer, size: number): { readonly types: string[]; readonly bytes: Buffer } {
  const frames = []
  for (let at = 0; at < bytes.length; at += size) frames.push(...reader.push(bytes.subarray(at, at + size)))
  return { types: frames.map(({ type }) => type), bytes: Buffer.concat(frames.map((frame) => frame.bytes)) }
}

describe('a reader of frames', () => {
  it('finds the same frames however the bytes are split over reads, and passes on every byte', () => {
    for (let size = 1; size <= FRONTEND.length; size++) {
      const seen = read(new FrameReader('frontend'), FRONTEND, size)
      expect(seen.types).toEqual(FRONTEND_TYPES)
      expect(seen.bytes.equals(FRONTEND)).toBe(true)
    }
  })

  it('reads the same letter as another message in the other direction', () => {
    const bytes = Buffer.concat([
      message('S', 'a\0b\0'),
      message('D', 'x'),
      message('C', 'SELECT 1\0'),
      message('Z', 'I'),
    ])
    const types = ['ParameterStatus', 'DataRow', 'CommandComplete', 'ReadyForQuery']
    for (let size = 1; size <= bytes.length; size++) {
      expect(read(new FrameReader('backend'), bytes, size).types).toEqual(types)
    }
  })

  it('gives out a frame as soon as its last byte is there, and not before', () => {
    const reader = new FrameReader('backend')
    const bytes = message('D', Buffer.alloc(70_000, 1))
    expect(reader.push(bytes.subarray(0, -1))).toEqual([])
    expect(reader.push(bytes.subarray(-1)).map(({ type }) => type)).toEqual(['DataRow'])
  })

  it('names a letter that the protocol does not have', () => {
    expect(new FrameReader('backend').push(message('?', 'x')).map(({ type }) => type)).toEqual(['Unknown ?'])
  })

  it('refuses what is not the protocol', () => {
    expect(() => new FrameReader('backend').push(Buffer.from([90, 0, 0, 0, 3]))).toThrow(ProtocolError)
    expect(() => new FrameReader('frontend').push(Buffer.from('GET / HTTP/1.1\r\n'))).toThrow(ProtocolError)
  })
})
