/** What a key may be for; see `permissions.ts` for what each may do. */
export const ROLES = ['admin', 'producer', 'consumer', 'inspector', 'reader'] as const
export type Role = (typeof ROLES)[number]

/** A key as it is stored, without its secret. */
export interface AccessKey {
  /** Twenty characters, `SK` first. */
  readonly id: string
  /** Twelve digits. */
  readonly accountId: string
  /** A free text for people. */
  readonly description: string
  readonly role: Role
  /** Which queue names the key reaches, `*` standing for any characters. */
  readonly queuePattern: string
  readonly createdAt: Date
  /** From then on the key is refused; set by a rotation. */
  readonly expiresAt: Date | undefined
  /** Set when the key was disabled. */
  readonly disabledAt: Date | undefined
  /** Within a minute or so; `undefined` when the key was never used. */
  readonly lastUsedAt: Date | undefined
}

/** Input of `create`. */
export interface NewAccessKey {
  readonly accountId: string
  readonly role: Role
  /** Absent: every queue. */
  readonly queuePattern?: string
  readonly description?: string
}

/** A key with its secret, which is shown once, when it is made. */
export interface NewSecret {
  readonly key: AccessKey
  /** Forty characters of base64url. */
  readonly secret: string
}
