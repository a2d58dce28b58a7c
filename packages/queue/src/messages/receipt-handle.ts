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

/** A key with the place where what it signs is put together. */
interface Signer {
  readonly id: number
  /** The secret, and after it room for a payload. */
  readonly input: Buffer
  readonly secretBytes: number
}

const FORMAT = 1
const PAYLOAD_BYTES = 40
const SIGNATURE_BYTES = 12

/** 52 bytes in base64url: the last character holds two bits of them, and its others are 0. */
const HANDLE = /^[A-Za-z0-9_-]{69}[AQgw]$/

/** The signature that a handle should have, while it is compared: nothing waits in between. */
const EXPECTED = Buffer.alloc(SIGNATURE_BYTES)

/**
 * Writes and reads receipt handles: opaque to the client, self-describing to every node, and signed, so that one which
 * was never issued can be told from one that is merely old without storing any.
 */
export class ReceiptHandles {
  readonly #signers: ReadonlyMap<number, Signer>
  readonly #newest: Signer

  /** @param keys at least one; the last one signs */
  constructor(keys: readonly HandleKey[]) {
    const signers = keys.map(({ id, secret }) => ({
      id,
      input: Buffer.concat([secret, Buffer.alloc(PAYLOAD_BYTES)]),
      secretBytes: secret.length,
    }))
    const newest = signers.at(-1)
    if (newest === undefined) throw new Error('receipt handles need a key')
    this.#newest = newest
    this.#signers = new Map(signers.map((signer) => [signer.id, signer]))
  }

  /** The handle of a delivery: 70 characters of the base64url alphabet. */
  encode(delivery: Delivery): string {
    const bytes = Buffer.allocUnsafe(PAYLOAD_BYTES + SIGNATURE_BYTES)
    bytes[0] = FORMAT
    bytes[1] = this.#newest.id
    bytes.writeUInt32BE(delivery.queueId, 2)
    bytes.writeUInt16BE(delivery.bucket, 6)
    bytes.writeUInt16BE(delivery.leaseIndex, 8)
    bytes.writeIntBE(delivery.lane, 10, 6)
    bytes.writeBigInt64BE(delivery.seq, 16)
    bytes.writeBigInt64BE(delivery.leaseSeq, 24)
    bytes.writeDoubleBE(delivery.receiveCount, 32)
    sign(this.#newest, bytes, bytes, PAYLOAD_BYTES)
    return bytes.toString('base64url')
  }

  /** `undefined` when no node ever issued this handle. */
  decode(handle: string): Delivery | undefined {
    // Decoding would pass over foreign characters and spare bits.
    if (!HANDLE.test(handle)) return undefined
    const bytes = Buffer.from(handle, 'base64url')
    const signer = this.#signers.get(bytes[1] as number)
    if (bytes[0] !== FORMAT || signer === undefined) return undefined
    sign(signer, bytes, EXPECTED, 0)
    if (!timingSafeEqual(EXPECTED, bytes.subarray(PAYLOAD_BYTES))) return undefined
    return {
      queueId: bytes.readUInt32BE(2),
      bucket: bytes.readUInt16BE(6),
      leaseIndex: bytes.readUInt16BE(8),
      lane: bytes.readIntBE(10, 6),
      seq: bytes.readBigInt64BE(16),
      leaseSeq: bytes.readBigInt64BE(24),
      receiveCount: bytes.readDoubleBE(32),
    }
  }
}

/**
 * SHA-256 over secret and payload, cut to 96 bits. A plain keyed hash is a sound signature here, because the payload's length
 * never varies and the digest is not given away whole, so nothing can be appended to either; and it costs a tenth of an
 * HMAC object, twice for every message. It is written to `target`.
 */
function sign({ input, secretBytes }: Signer, payload: Buffer, target: Buffer, at: number): void {
  payload.copy(input, secretBytes, 0, PAYLOAD_BYTES)
  // By way of text: a digest that comes as a buffer has memory of its own, which takes longer than the digest.
  target.write(hash('sha256', input, 'hex'), at, SIGNATURE_BYTES, 'hex')
}
