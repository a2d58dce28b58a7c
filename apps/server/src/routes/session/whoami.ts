import { permissionsOf, ROLES } from '@stanchion/identity'
import { type Static, Type } from 'typebox'
import { jsonResponse, problemResponses } from '../responses.ts'
import type { OperationSchema, Route } from '../route.ts'

const WhoamiSchema = Type.Object(
  {
    accountId: Type.String({ description: 'Whose queues the caller works with: twelve digits.' }),
    accessKeyId: Type.Union([Type.String(), Type.Null()], {
      description: 'The key of the caller; `null` where nobody needs one.',
    }),
    role: Type.Union([Type.String(), Type.Null()], {
      description: 'What the key is for; `null` where nobody needs one.',
    }),
    queuePattern: Type.String({
      description: 'Which queue names the key reaches; `*` stands for any characters.',
    }),
    permissions: Type.Array(Type.String(), {
      description:
        'What the caller may do with the queues that the pattern names. `list` and `manageKeys` need the pattern `*` besides, ' +
        'and the policy of a queue may allow more or less.',
    }),
    authentication: Type.Enum(['on', 'off'], {
      type: 'string',
      title: 'Authentication',
      description: '`off`: nobody needs a key and everybody may do everything.',
    }),
  },
  { additionalProperties: false, title: 'Whoami', description: 'Who is asking, and what they may do.' },
)

const EXAMPLE: Static<typeof WhoamiSchema> = {
  accountId: '000000000000',
  accessKeyId: 'SKAFKHRYYA4HWQXTZPCM',
  role: 'reader',
  queuePattern: '*',
  permissions: permissionsOf('reader'),
  authentication: 'on',
}

const schema = {
  operationId: 'whoami',
  tags: ['access keys'],
  summary: 'Say who is asking',
  description: 'Answers whose key this is and what it may do, so that a program can show what is possible.',
  response: {
    200: jsonResponse('Who is asking.', WhoamiSchema, EXAMPLE),
    ...problemResponses(),
  },
} as const satisfies OperationSchema

/** Who may do everything where nobody needs a key: what the roles may, all together. */
const EVERYTHING = [...new Set(ROLES.flatMap(permissionsOf))]

export const whoamiRoute: Route = (app) => {
  app.get('/whoami', { schema }, async ({ caller }, reply) => {
    const { accountId, key } = caller
    return reply.send({
      accountId,
      accessKeyId: key?.id ?? null,
      role: key?.role ?? null,
      queuePattern: key?.queuePattern ?? '*',
      permissions: key === undefined ? EVERYTHING : permissionsOf(key.role),
      authentication: key === undefined ? 'off' : 'on',
    } satisfies Static<typeof WhoamiSchema>)
  })
}
