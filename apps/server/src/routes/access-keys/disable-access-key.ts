import { jsonResponse, problemResponses } from '../responses.ts'
import type { OperationSchema, Route } from '../route.ts'
import {
  ACCESS_KEY_EXAMPLE,
  AccessKeyIdSchema,
  AccessKeySchema,
  requireAccessKeys,
  toAccessKeyView,
} from './access-key-schema.ts'

const schema = {
  operationId: 'disableAccessKey',
  tags: ['access keys'],
  summary: 'Disable an access key',
  description: 'Refuses the key from now on, on every node at most five seconds later. Doing it again changes nothing.',
  params: AccessKeyIdSchema,
  response: {
    200: jsonResponse('The key is disabled.', AccessKeySchema, {
      ...ACCESS_KEY_EXAMPLE,
      disabledAt: '2026-11-24T13:00:00.000Z',
    }),
    ...problemResponses('accessKeyNotFound', 'accessKeysOff'),
  },
} as const satisfies OperationSchema

export const disableAccessKeyRoute: Route = (app) => {
  app.post('/access-keys/:accessKeyId/disable', { schema }, async (request, reply) => {
    const key = await requireAccessKeys(app).disable(request.caller.accountId, request.params.accessKeyId)
    return reply.send(toAccessKeyView(key))
  })
}
