import { createSecretKey, type KeyObject } from 'node:crypto'

/** The key under which secrets are sealed. It never enters the database. */
export type MasterKey = KeyObject

/** Reads a master key: 32 bytes as base64 (44 characters) or hex (64). `undefined` when the text is none. */
export function parseMasterKey(text: string): MasterKey | undefined {
  const bytes = /^[0-9a-fA-F]{64}$/.test(text)
    ? Buffer.from(text, 'hex')
    : /^[A-Za-z0-9+/_-]{43}=?$/.test(text)
      ? Buffer.from(text, 'base64')
      : undefined
  return bytes?.length === 32 ? createSecretKey(bytes) : undefined
}
