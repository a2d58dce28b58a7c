import { Type } from 'typebox'
import { jsonResponse, problemResponses } from '../responses.ts'
import type { OperationSchema, Route } from '../route.ts'
import { ACCESS_KEY_EXAMPLE, AccessKeySchema, requireAccessKeys, toAccessKeyView } from './access-key-schema.ts'

const schema = {
  operationId: 'listAccessKeys',
  tags: ['access keys'],
  summary: 'List access keys',
  description: 'Answers every key of the account, oldest first, disabled and expired ones too. No secret is among it.',
  response: {
    200: jsonResponse(
      'The keys.',
      Type.Object(
        { accessKeys: Type.Array(AccessKeySchema, { description: 'The keys, oldest first.' }) },
        { additionalProperties: false, title: 'AccessKeyList' },
      ),
      { accessKeys: [ACCESS_KEY_EXAMPLE] },
    ),
    ...problemResponses('accessKeysOff'),
  },
} as const satisfies OperationSchema

export const listAccessKeysRoute: Route = (app) => {
  app.get('/access-keys', { schema }, async (request, reply) => {
    const keys = await requireAccessKeys(app).list(request.caller.accountId)
    return reply.send({ accessKeys: keys.map(toAccessKeyView) })
  })
}
