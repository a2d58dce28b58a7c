import { Type } from 'typebox'
import { BODY_PROBLEMS, jsonResponse, problemResponses } from '../responses.ts'
import type { OperationSchema, Route } from '../route.ts'
import {
  AccessKeyRoleSchema,
  NEW_ACCESS_KEY_EXAMPLE,
  NewAccessKeySchema,
  requireAccessKeys,
  toNewAccessKeyView,
} from './access-key-schema.ts'

const schema = {
  operationId: 'createAccessKey',
  tags: ['access keys'],
  summary: 'Create an access key',
  description:
    'Makes a key for the account of the caller. The answer is the only one that ever shows the secret. `admin` may do ' +
    'everything, `producer` sends, `consumer` receives and settles, `reader` looks at queues and their counts.',
  body: Type.Object(
    {
      role: AccessKeyRoleSchema,
      queuePattern: Type.Optional(
        Type.String({ description: 'Which queue names the key reaches; `*`, all, when absent.' }),
      ),
      description: Type.Optional(Type.String({ description: 'A text for people, up to 256 characters.' })),
    },
    {
      additionalProperties: false,
      title: 'AccessKeyRequest',
      examples: [{ role: 'producer', queuePattern: 'orders-*', description: 'the shop' }],
    },
  ),
  response: {
    201: jsonResponse('The key was created.', NewAccessKeySchema, NEW_ACCESS_KEY_EXAMPLE),
    ...problemResponses('invalidAccessKey', 'accessKeysOff', ...BODY_PROBLEMS),
  },
} as const satisfies OperationSchema

export const createAccessKeyRoute: Route = (app) => {
  app.post('/access-keys', { schema }, async (request, reply) => {
    const created = await requireAccessKeys(app).create({ accountId: request.caller.accountId, ...request.body })
    return reply.code(201).send(toNewAccessKeyView(created))
  })
}
