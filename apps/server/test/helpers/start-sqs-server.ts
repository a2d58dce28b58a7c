import { randomUUID } from 'node:crypto'
import { createEngine, type Engine } from '@stanchion/queue'
import { SQS_TIME_LIMITS } from '@stanchion/sqs'
import { createTestDatabase } from '@stanchion/testing'
import { type FastifyInstance, fastify } from 'fastify'
import { baseUrlOf } from '../../src/http/base-url.ts'
import { registerSqs } from '../../src/sqs/plugin.ts'

/** A server that has the SQS door alone, on a database of its own. */
export interface SqsServer {
  /** Without a trailing slash. */
  readonly url: string
  readonly accountId: string
  readonly engine: Engine
  readonly app: FastifyInstance
  /** What the door has told about finished requests. */
  readonly finished: readonly { readonly operation: string; readonly status: number }[]
  stop(): Promise<void>
}

/** Starts one for a test file. */
export async function startSqsServer(publicUrl?: string, timeLimits = SQS_TIME_LIMITS): Promise<SqsServer> {
  const accountId = '123456789012'
  const database = await createTestDatabase()
  const engine = await createEngine({ databaseUrl: database.url, poolSizeMax: 4 })
  const app = fastify({ genReqId: () => randomUUID(), forceCloseConnections: true })
  const finished: { operation: string; status: number }[] = []
  await registerSqs(app, {
    engine,
    accountId,
    region: 'eu-west-1',
    publicUrl,
    timeLimits,
    requestFinished: (operation, status) => finished.push({ operation, status }),
  })
  await app.listen({ host: '127.0.0.1', port: 0 })
  return {
    url: baseUrlOf(app.server),
    accountId,
    engine,
    app,
    finished,
    async stop() {
      engine.drain()
      await app.close()
      await engine.close()
      await database.drop()
    },
  }
}
