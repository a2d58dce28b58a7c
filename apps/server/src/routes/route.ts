import type { IncomingMessage, ServerResponse } from 'node:http'
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import type { Doctor } from '@stanchion/doctor'
import type { Engine, QueueKey } from '@stanchion/queue'
import type { FastifyBaseLogger, FastifyInstance, FastifySchema, RawServerDefault } from 'fastify'
import type { Caller } from '../http/caller.ts'

declare module 'fastify' {
  interface FastifyInstance {
    readonly engine: Engine
    readonly doctor: Doctor
  }
}

/** The part of the app that speaks REST: handlers get their types from the schemas of their routes. */
export type RestApp = FastifyInstance<
  RawServerDefault,
  IncomingMessage,
  ServerResponse,
  FastifyBaseLogger,
  TypeBoxTypeProvider
>

/** Registers one operation. */
export type Route = (app: RestApp) => void

/** What every operation says about itself in `openapi.yaml`. */
export interface OperationSchema extends FastifySchema {
  readonly operationId: string
  readonly tags: readonly string[]
  readonly summary: string
  readonly description: string
  readonly response: Readonly<Record<number, unknown>>
}

/** The queue that a request names in its path. */
export function queueKey({ caller }: { caller: Caller }, name: string): QueueKey {
  return { accountId: caller.accountId, name }
}
