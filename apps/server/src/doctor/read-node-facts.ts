import { statfs } from 'node:fs/promises'
import { resolve } from 'node:path'
import { setTimeout as after } from 'node:timers/promises'
import type { NodeFacts, PoolSample } from '@stanchion/doctor'
import type { Engine } from '@stanchion/queue'
import type { Config } from '../config.ts'
import type { EventLoopWatch } from './event-loop-watch.ts'

/** A pool that is exhausted at one moment is busy; one that is exhausted at each of these is too small. */
const POOL_SAMPLES = 5
const POOL_SAMPLE_EVERY_MS = 60

/** Connections beside the pool of the hot path: the catalogue, one that listens, the access keys, and the doctor's own. */
const OTHER_CONNECTIONS = 4 + 1 + 2 + 1

/** What a node is made of, as far as the doctor looks at it. */
export interface NodeParts {
  readonly engine: Engine
  readonly config: Pick<Config, 'databaseUrl' | 'databasePoolSize' | 'dataDir'>
  readonly eventLoop: Pick<EventLoopWatch, 'lagSeconds'>
}

/** What this node knows about itself. It takes a third of a second, to see the pool at several moments. */
export async function readNodeFacts({ engine, config, eventLoop }: NodeParts): Promise<NodeFacts> {
  const poolSamples = [samplePool(engine)]
  while (poolSamples.length < POOL_SAMPLES) {
    await after(POOL_SAMPLE_EVERY_MS)
    poolSamples.push(samplePool(engine))
  }
  const { clockJumpSeconds, duties, activity } = engine.health()
  return {
    poolSizeMax: config.databasePoolSize,
    connectionsMax: config.databasePoolSize + OTHER_CONNECTIONS,
    poolSamples,
    clockJumpSeconds,
    eventLoopLagSeconds: eventLoop.lagSeconds(),
    duties,
    activity: {
      seconds: activity.seconds,
      queues: activity.queues.map(({ queue, ...done }) => ({ ...queue, ...done })),
    },
    dataDisk: config.databaseUrl === undefined ? await readDisk(config.dataDir) : undefined,
  }
}

function samplePool(engine: Engine): PoolSample {
  const { poolIdle, poolTotal, poolWaiting, entriesWaiting } = engine.snapshot()
  return { idle: poolIdle, total: poolTotal, waiting: poolWaiting, entriesWaiting }
}

async function readDisk(dataDir: string): Promise<NonNullable<NodeFacts['dataDisk']>> {
  const path = resolve(dataDir)
  const { bsize, blocks, bavail } = await statfs(path)
  return { path, totalBytes: bsize * blocks, freeBytes: bsize * bavail }
}
