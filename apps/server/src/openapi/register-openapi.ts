import swagger from '@fastify/swagger'
import swaggerUi from '@fastify/swagger-ui'
import type { FastifyInstance } from 'fastify'
import { hoistSchemas } from './hoist-schemas.ts'
import { toOpenApi30 } from './to-openapi-30.ts'

/** What `openapi.yaml` says besides the routes. The server has no address of its own: the document is the same wherever it is served. */
const DOCUMENT = {
  openapi: '3.1.0',
  info: {
    title: 'Stanchion',
    version: '1',
    description:
      'Queues on Postgres over HTTP. Names are camelCase and end in their unit; times are ISO 8601 in UTC; every error ' +
      'is a problem (RFC 9457) with a stable `code`. docs/reference/rest.md holds the house style.',
    license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
  },
  servers: [{ url: '/', description: 'The server that this document comes from.' }],
  components: {
    securitySchemes: {
      accessKey: {
        type: 'http' as const,
        scheme: 'bearer',
        description:
          'An access key: its id and its secret with a dot between them. `x-permission` of an ' +
          'operation is what the role of the key must allow. Not asked for while STANCHION_AUTH is off.',
      },
    },
  },
  tags: [
    { name: 'queues', description: 'Create, find, change and delete queues.' },
    { name: 'messages', description: 'Send messages and receive them.' },
    { name: 'leases', description: 'Delete, extend and release what was received.' },
    { name: 'move tasks', description: 'Move the messages of a dead-letter queue back.' },
    { name: 'statistics', description: 'See how deep queues are and how fast, now and in the last hours.' },
    { name: 'doctor', description: 'See what is wrong with the service and its database, and what to do.' },
    { name: 'access keys', description: 'Create, list, disable and rotate access keys.' },
  ],
}

/** Collects the schemas of all routes that are registered after it, and serves them at `/openapi.json`, `/openapi-3.0.json` and `/docs`. */
export async function registerOpenApi(app: FastifyInstance): Promise<void> {
  await app.register(swagger, {
    openapi: DOCUMENT,
    transformObject: (input) => ('openapiObject' in input ? hoistSchemas(input.openapiObject) : input.swaggerObject),
  })
  await app.register(swaggerUi, { routePrefix: '/docs', uiConfig: { tryItOutEnabled: true } })
  app.get('/openapi.json', { schema: { hide: true } }, async () => app.swagger())
  app.get('/openapi-3.0.json', { schema: { hide: true } }, async () => toOpenApi30(app.swagger()))
}
