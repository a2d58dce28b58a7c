import { hash, timingSafeEqual } from 'node:crypto'

/** What a receipt handle says: which delivery of which message. */
export interface Delivery {
  readonly queueId: number
  readonly bucket: number
  /** Negative for the delay stream of a lane. */
  readonly lane: number
  readonly seq: bigint
  /** The `last_seq` of the lease that covers the message; 0 for a parked message. */
  readonly leaseSeq: bigint
  /** The message's place in that lease. */
  readonly leaseIndex: number
  readonly receiveCount: number
}

/** A key that signs handles. All nodes share them; the newest signs, every one verifies (G8). */
export interface HandleKey {
  readonly id: number
  readonly secret: Buffer
}

const FORMAT = 1
const PAYLOAD_BYTES = 40
const SIGNATURE_BYTES = 12

/** 52 bytes in base64url: the last character holds two bits of them, and its others are 0. */
const HANDLE = /^[A-Za-z0-9_-]{69}[AQgw]$/

/**
 * Writes and reads receipt handles: opaque to the client, self-describing to every node, and signed, so that one which
 * was never issued can be told from one that is merely old without storing any.
 */
export class ReceiptHandles {
  readonly #desks: ReadonlyMap<number, Desk>
  readonly #newest: Desk

  /** @param keys at least one; the last one signs */
  constructor(keys: readonly HandleKey[]) {
    const desks = keys.map((key) => new Desk(key))
    const newest = desks.at(-1)
    if (newest === undefined) throw new Error('receipt handles need a key')
    this.#newest = newest
    this.#desks = new Map(desks.map((desk) => [desk.keyId, desk]))
  }

  /** The handle of a delivery: 70 characters of the base64url alphabet. */
  encode(delivery: Delivery): string {
    return this.#newest.write(delivery)
  }

  /** `undefined` when no node ever issued this handle. */
  decode(handle: string): Delivery | undefined {
    // Decoding would pass over foreign characters and spare bits.
    if (!HANDLE.test(handle)) return undefined
    const keyId = this.#newest.lay(handle)
    if (keyId === this.#newest.keyId) return this.#newest.read()
    const desk = keyId === undefined ? undefined : this.#desks.get(keyId)
    desk?.lay(handle)
    return desk?.read()
  }
}

/**
 * Where handles of one key are written and read: secret, payload and signature side by side in one piece of memory, because
 * making memory for each handle takes longer than the digest. Nothing waits in between, so one piece is enough.
 *
 * The signature is the SHA-256 over secret and payload, cut to 96 bits. A plain keyed hash is sound here, because the payload's
 * length never varies and the digest is not given away whole, so nothing can be appended to either; and it costs a
 * tenth of an HMAC object.
 */
class Desk {
  readonly keyId: number
  readonly #memory: Buffer
  /** Parts of it. */
  readonly #payload: DataView
  readonly #signed: Buffer
  readonly #signature: Buffer
  /** The signature that what is read should have. */
  readonly #expected = Buffer.alloc(SIGNATURE_BYTES)
  readonly #payloadAt: number

  constructor({ id, secret }: HandleKey) {
    this.keyId = id
    this.#payloadAt = secret.length
    const signatureAt = secret.length + PAYLOAD_BYTES
    this.#memory = Buffer.concat([secret, Buffer.alloc(PAYLOAD_BYTES + SIGNATURE_BYTES)])
    this.#signed = this.#memory.subarray(0, signatureAt)
    this.#signature = this.#memory.subarray(signatureAt)
    this.#payload = new DataView(this.#memory.buffer, this.#memory.byteOffset + this.#payloadAt, PAYLOAD_BYTES)
  }

  write({ queueId, bucket, leaseIndex, lane, seq, leaseSeq, receiveCount }: Delivery): string {
    const payload = this.#payload
    payload.setUint8(0, FORMAT)
    payload.setUint8(1, this.keyId)
    payload.setUint32(2, queueId)
    payload.setUint16(6, bucket)
    payload.setUint16(8, leaseIndex)
    // A lane has 48 bits, its sign among them.
    payload.setInt16(10, Math.floor(lane / 2 ** 32))
    payload.setUint32(12, lane)
    payload.setBigInt64(16, seq)
    payload.setBigInt64(24, leaseSeq)
    payload.setFloat64(32, receiveCount)
    this.#sign(this.#signature)
    return this.#memory.toString('base64url', this.#payloadAt)
  }

  /** Lays out a handle to be read, and answers the id of its key; `undefined` when its format is none. */
  lay(handle: string): number | undefined {
    this.#memory.write(handle, this.#payloadAt, 'base64url')
    return this.#payload.getUint8(0) === FORMAT ? this.#payload.getUint8(1) : undefined
  }

  /** What the handle says that was laid out; `undefined` when this key did not sign it. */
  read(): Delivery | undefined {
    this.#sign(this.#expected)
    if (!timingSafeEqual(this.#expected, this.#signature)) return undefined
    const payload = this.#payload
    return {
      queueId: payload.getUint32(2),
      bucket: payload.getUint16(6),
      leaseIndex: payload.getUint16(8),
      lane: payload.getInt16(10) * 2 ** 32 + payload.getUint32(12),
      seq: payload.getBigInt64(16),
      leaseSeq: payload.getBigInt64(24),
      receiveCount: payload.getFloat64(32),
    }
  }

  #sign(target: Buffer): void {
    // As text of a character a byte: a digest that comes as a buffer has memory of its own.
    target.write(hash('sha256', this.#signed, 'binary'), 0, SIGNATURE_BYTES, 'latin1')
  }
}
