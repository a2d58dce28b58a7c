import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { AccessKeys, type MasterKey, parseMasterKey } from '@stanchion/identity'
import type { Endpoint } from '../clients/endpoint.ts'
import type { QueueClient } from '../clients/queue-client.ts'
import { RestClient } from '../clients/rest-client.ts'
import type { Credentials } from '../clients/sign-request.ts'
import { SqsJsonClient } from '../clients/sqs-json-client.ts'
import { SqsQueryClient } from '../clients/sqs-query-client.ts'
import type { Contender, Host } from './contender.ts'
import { type Program, startProfiled } from './start-program.ts'

/** How Stanchion runs and is called. */
export interface StanchionOptions {
  /** Servers that share a database; clients take turns. */
  readonly servers?: number
  readonly env?: Readonly<Record<string, string>>
  readonly protocol?: 'json' | 'query' | 'rest'
  /** `ignored`: clients sign, and nobody looks. */
  readonly signatures?: 'ignored' | 'checked'
  /** The directory of a checkout. Default: this one. */
  readonly build?: string
  /** Stands between server and database. */
  readonly databaseProxy?: (databaseUrl: string) => Promise<{ readonly databaseUrl: string; stop(): Promise<void> }>
}

const OPEN = { json: SqsJsonClient.open, query: SqsQueryClient.open, rest: RestClient.open }
const FILL_AT_ONCE = 1_000
const FILL_CONNECTIONS = 4

/** Starts Stanchion on a database of its own. */
export async function startStanchion(host: Host, options: StanchionOptions): Promise<Contender> {
  const { servers = 1, protocol = 'json', signatures, build } = options
  const databaseUrl = await host.createDatabase()
  const proxy = await options.databaseProxy?.(databaseUrl)
  const masterKey = randomBytes(32).toString('hex')
  const file =
    build === undefined
      ? new URL('../../../server/src/main.ts', import.meta.url)
      : join(build, 'apps', 'server', 'src', 'main.ts')
  const programs: Program[] = []
  const stop = async () => {
    for (const program of programs) await program.stop()
    await proxy?.stop()
  }
  const env = {
    DATABASE_URL: databaseUrl,
    STANCHION_LOG_LEVEL: 'warn',
    ...(signatures === 'checked' ? { STANCHION_AUTH: 'on', STANCHION_MASTER_KEY: masterKey } : {}),
    ...(proxy === undefined ? {} : throughPooler(proxy.databaseUrl, databaseUrl)),
    ...options.env,
  }
  try {
    for (let i = 0; i < servers; i++) programs.push(await startProfiled(file, env))
  } catch (error) {
    await stop()
    throw error
  }
  const credentials = signatures === undefined ? undefined : await credentialsFor(signatures, databaseUrl, masterKey)
  const endpoints: Endpoint[] = programs.map(({ port }) => ({ host: '127.0.0.1', port, credentials }))
  const first = endpoints[0] as Endpoint
  let connected = 0
  return {
    serverPids: programs.map(({ pid }) => pid),
    databaseUrl,
    metricsUrl: `http://127.0.0.1:${first.port}/metrics`,
    async createQueue(QueueName, isFifo) {
      const client = await SqsJsonClient.open(first)
      const Attributes = isFifo ? { FifoQueue: 'true' } : undefined
      const { QueueUrl } = await client.call<{ QueueUrl: string }>('CreateQueue', { QueueName, Attributes })
      await client.close()
      return protocol === 'rest' ? QueueName : QueueUrl
    },
    connect: (): Promise<QueueClient> => OPEN[protocol](endpoints[connected++ % endpoints.length] as Endpoint),
    ...(signatures === 'checked' ? {} : { fill: (queue, count, message) => fill(first, queue, count, message) }),
    stop,
  }
}

/** As `docs/operate/running.md` says. */
function throughPooler(pooledUrl: string, directUrl: string): Readonly<Record<string, string>> {
  return {
    DATABASE_URL: pooledUrl,
    STANCHION_DATABASE_POOLER: 'transaction',
    STANCHION_LISTEN_DATABASE_URL: directUrl,
  }
}

/** By REST, which takes a thousand in a call. */
async function fill(
  endpoint: Endpoint,
  queue: string,
  count: number,
  message: { readonly body: string; readonly group?: string },
): Promise<void> {
  const name = queue.slice(queue.lastIndexOf('/') + 1)
  let left = count
  await Promise.all(
    Array.from({ length: FILL_CONNECTIONS }, async () => {
      const client = await RestClient.open(endpoint)
      while (left > 0) {
        const size = Math.min(FILL_AT_ONCE, left)
        left -= size
        await client.send(name, new Array(size).fill(message))
      }
      await client.close()
    }),
  )
}

/** Those of a server that looks at no signature are made up, so that its clients have the same work as those of one that does. */
async function credentialsFor(
  signatures: 'ignored' | 'checked',
  databaseUrl: string,
  masterKey: string,
): Promise<Credentials> {
  if (signatures === 'ignored') return { accessKeyId: 'SKIGNORED', secret: 'ignored' }
  const keys = new AccessKeys({ databaseUrl, masterKey: parseMasterKey(masterKey) as MasterKey })
  const { key, secret } = await keys.create({ accountId: '000000000000', role: 'admin' })
  await keys.close()
  return { accessKeyId: key.id, secret }
}
