import type { Engine } from '@stanchion/queue'
import type { FastifyInstance } from 'fastify'

/** One of the two ways into the server. */
export type DoorName = 'rest' | 'sqs'

/** The traces of a node; there is none where `STANCHION_TELEMETRY` is off, and then nothing of this is loaded. */
export interface Telemetry {
  /** Gives every request of a scope a span. Comes before the scope's other hooks and routes. */
  watch(scope: FastifyInstance, door: DoorName): void
  /** The engine, telling the spans of requests which messages they are about. */
  trace(engine: Engine): Engine
  /** Exports what has ended and ends; within three seconds, whether or not somebody takes it. */
  stop(): Promise<void>
}
