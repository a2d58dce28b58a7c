/**
 * A request as it came over the wire. All text has one character per byte, as Node gives it: the signature is over bytes, and
 * text that was decoded and encoded again is no longer what the client signed.
 */
export interface SignedRequest {
  readonly method: string
  /** The part of the target before the `?`, neither decoded nor normalised. */
  readonly rawPath: string
  /** The part of the target after the `?`, not decoded; empty when there is none. */
  readonly rawQuery: string
  /** Names and values in turn, as in `IncomingMessage.rawHeaders`. */
  readonly rawHeaders: readonly string[]
  /** The bytes of the body before anything parsed or decompressed them. */
  readonly body: Uint8Array
}
