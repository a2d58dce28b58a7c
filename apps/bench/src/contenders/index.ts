import type { Contender, Host } from './contender.ts'
import { startElasticMq } from './elastic-mq.ts'
import { startNats } from './nats.ts'
import { startPgBoss } from './pg-boss.ts'
import { startPgBouncer } from './pg-bouncer.ts'
import { startPgmq } from './pgmq.ts'
import { startRabbitMq } from './rabbit-mq.ts'
import { startRawPostgres } from './raw-postgres.ts'
import { fromNpm } from './rivals.ts'
import { sqsEndpoint } from './sqs-endpoint.ts'
import { startStanchion } from './stanchion.ts'
import { startProfiled } from './start-program.ts'

const program = (name: string) => new URL(`../programs/${name}`, import.meta.url)

/** Everyone who can take part, by name, and how to start them. */
export const CONTENDERS = {
  stanchion: (host) => startStanchion(host, {}),
  /** Entrants of one contender share its database; this one has its own. */
  'stanchion, another database': (host) => startStanchion(host, {}),
  'stanchion, Query': (host) => startStanchion(host, { protocol: 'query' }),
  'stanchion, REST': (host) => startStanchion(host, { protocol: 'rest' }),
  'stanchion, two servers': (host) => startStanchion(host, { servers: 2 }),
  'stanchion, signatures ignored': (host) => startStanchion(host, { signatures: 'ignored' }),
  'stanchion, signatures checked': (host) => startStanchion(host, { signatures: 'checked' }),
  'stanchion, behind PgBouncer': (host) => startStanchion(host, { databaseProxy: startPgBouncer }),
  /** Another version, from the directory that `--build` names. */
  'other build': (host) => startStanchion(host, { build: host.build as string }),
  /** Whatever listens at `--endpoint`. */
  endpoint: async (host) => sqsEndpoint(host.endpoint as string, 'json'),
  'endpoint, Query': async (host) => sqsEndpoint(host.endpoint as string, 'query'),
  'no-op': async () => {
    const server = await startProfiled(program('no-op.ts'), {})
    return sqsEndpoint(`http://127.0.0.1:${server.port}`, 'json', server)
  },
  'statement per request': async (host) => {
    const databaseUrl = await host.createDatabase()
    const server = await startProfiled(program('statement-per-request.ts'), { DATABASE_URL: databaseUrl })
    return sqsEndpoint(`http://127.0.0.1:${server.port}`, 'json', { ...server, databaseUrl })
  },
  'raw Postgres': startRawPostgres,
  pgmq: startPgmq,
  'pg-boss': startPgBoss,
  fauxqs: async () => {
    const server = await startProfiled(program('fauxqs.mjs'), { FAUXQS_DIR: await fromNpm('fauxqs') })
    return sqsEndpoint(`http://127.0.0.1:${server.port}`, 'json', server)
  },
  ElasticMQ: startElasticMq,
  'RabbitMQ quorum queue': startRabbitMq,
  'NATS JetStream': startNats,
} as const satisfies { readonly [name: string]: (host: Host) => Promise<Contender> }

export type ContenderName = keyof typeof CONTENDERS

/** Who is fetched over the network at the first run. */
export const FETCHED: readonly ContenderName[] = ['pgmq', 'pg-boss', 'fauxqs']

/** Who has to be installed first, and takes part only when asked for. */
export const INSTALLED: readonly ContenderName[] = ['ElasticMQ', 'RabbitMQ quorum queue', 'NATS JetStream']
