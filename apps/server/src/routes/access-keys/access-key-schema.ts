import { type AccessKey, type AccessKeys, type NewSecret, ROLES } from '@stanchion/identity'
import { Type } from 'typebox'
import { HttpProblem } from '../../http/problem.ts'
import { OpenSet } from '../open-set.ts'
import type { RestApp } from '../route.ts'

declare module 'fastify' {
  interface FastifyInstance {
    /** Absent: the server keeps no access keys. */
    readonly accessKeys: AccessKeys | undefined
  }
}

const TimeSchema = (description: string) => Type.Optional(Type.String({ format: 'date-time', description }))

/** What a key is for. */
export const AccessKeyRoleSchema = OpenSet(ROLES, {
  title: 'AccessKeyRole',
  description: 'What the key is for. More roles may come.',
})

const MEMBERS = {
  id: Type.String({ description: 'Twenty characters; the access key id of AWS clients.' }),
  role: AccessKeyRoleSchema,
  queuePattern: Type.String({ description: 'Which queue names the key reaches; `*` stands for any characters.' }),
  description: Type.String({ description: 'A text for people.' }),
  createdAt: Type.String({ format: 'date-time', description: 'When it was made.' }),
  expiresAt: TimeSchema('From then on the key is refused.'),
  disabledAt: TimeSchema('When it was disabled.'),
  lastUsedAt: TimeSchema('When it was last used, within a minute; absent when it never was.'),
} as const

/** An access key in an answer. */
export const AccessKeySchema = Type.Object(MEMBERS, { additionalProperties: false, title: 'AccessKey' })

/** An access key in the one answer that shows its secret. */
export const NewAccessKeySchema = Type.Object(
  {
    ...MEMBERS,
    secret: Type.String({ description: 'Shown this once. With the id before a dot it is the bearer token.' }),
  },
  { additionalProperties: false, title: 'NewAccessKey' },
)

export const AccessKeyIdSchema = Type.Object(
  { accessKeyId: Type.String({ description: 'The id of the key.' }) },
  { additionalProperties: false },
)

export const ACCESS_KEY_EXAMPLE = {
  id: 'SKAFKHRYYA4HWQXTZPCM',
  role: 'producer',
  queuePattern: 'orders-*',
  description: 'the shop',
  createdAt: '2026-11-24T12:00:00.000Z',
}

export const NEW_ACCESS_KEY_EXAMPLE = { ...ACCESS_KEY_EXAMPLE, secret: 'Jx2k4sUu2qP1f0y9d1mWv3c8Zt5Lh7Rb6Na0Qe4G' }

/** A key as REST shows it. */
export function toAccessKeyView(key: AccessKey) {
  const { id, role, queuePattern, description } = key
  return {
    id,
    role,
    queuePattern,
    description,
    createdAt: key.createdAt.toISOString(),
    ...time('expiresAt', key.expiresAt),
    ...time('disabledAt', key.disabledAt),
    ...time('lastUsedAt', key.lastUsedAt),
  }
}

export function toNewAccessKeyView({ key, secret }: NewSecret) {
  return { ...toAccessKeyView(key), secret }
}

function time<Name extends string>(name: Name, at: Date | undefined): { [N in Name]?: string } {
  return (at === undefined ? {} : { [name]: at.toISOString() }) as { [N in Name]?: string }
}

/** @throws HttpProblem `accessKeysOff` */
export function requireAccessKeys(app: RestApp): AccessKeys {
  if (app.accessKeys !== undefined) return app.accessKeys
  throw new HttpProblem('accessKeysOff', 'Set STANCHION_MASTER_KEY, which the secrets of access keys are sealed under.')
}
