import { Type } from 'typebox'
import { BODY_PROBLEMS, jsonResponse, problemResponses } from '../responses.ts'
import type { OperationSchema, Route } from '../route.ts'
import {
  AccessKeyIdSchema,
  NEW_ACCESS_KEY_EXAMPLE,
  NewAccessKeySchema,
  requireAccessKeys,
  toNewAccessKeyView,
} from './access-key-schema.ts'

const schema = {
  operationId: 'rotateAccessKey',
  tags: ['access keys'],
  summary: 'Rotate an access key',
  description:
    'Makes a successor with the same role and pattern, and shows its secret this once. The old key works for ' +
    '`overlapSeconds` more, so that its users can change over one after the other.',
  params: AccessKeyIdSchema,
  body: Type.Object(
    {
      overlapSeconds: Type.Number({ description: 'How long the old key still works, up to 2,592,000 (thirty days).' }),
    },
    { additionalProperties: false, title: 'AccessKeyRotation', examples: [{ overlapSeconds: 86_400 }] },
  ),
  response: {
    201: jsonResponse('The successor.', NewAccessKeySchema, NEW_ACCESS_KEY_EXAMPLE),
    ...problemResponses('accessKeyNotFound', 'invalidAccessKey', 'accessKeysOff', ...BODY_PROBLEMS),
  },
} as const satisfies OperationSchema

export const rotateAccessKeyRoute: Route = (app) => {
  app.post('/access-keys/:accessKeyId/rotate', { schema }, async (request, reply) => {
    const { accountId } = request.caller
    const successor = await requireAccessKeys(app).rotate(
      accountId,
      request.params.accessKeyId,
      request.body.overlapSeconds,
    )
    return reply.code(201).send(toNewAccessKeyView(successor))
  })
}
