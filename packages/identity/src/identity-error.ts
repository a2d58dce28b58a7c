export type IdentityErrorCode =
  /** There is no such key in this account. */
  | 'accessKeyNotFound'
  /** A value is not one that a key can have. */
  | 'invalidAccessKey'
  /** The database cannot answer, and nothing was changed. */
  | 'unavailable'
  /** The connection to the database broke during a change, of which nobody knows whether it happened. */
  | 'outcomeUnknown'
  /** The secret was sealed under another master key. */
  | 'wrongMasterKey'

/** What can go wrong with access keys, besides the database. */
export class IdentityError extends Error {
  override readonly name = 'IdentityError'
  readonly code: IdentityErrorCode
  /** The member to blame, if one is. */
  readonly field: string | undefined

  constructor(code: IdentityErrorCode, message: string, { field, cause }: { field?: string; cause?: unknown } = {}) {
    super(message, { cause })
    this.code = code
    this.field = field
  }
}
