import { AccessKeys } from './access-keys.ts'
import { type CallOptions, HttpClient } from './http/http-client.ts'
import { DEFAULT_RETRY_POLICY, type RetryPolicy } from './http/retry-policy.ts'
import { type Page, throughPages } from './pages.ts'
import { Queue } from './queue.ts'
import type {
  DoctorReport,
  NewQueue,
  QueueChange,
  QueueDescription,
  QueuePage,
  QueueStatistics,
  QueueStatisticsPage,
  Whoami,
} from './types.ts'

/** How the server is reached. */
export interface ClientOptions {
  /** Such as `http://127.0.0.1:9324`; a path is kept. */
  readonly baseUrl: string
  /** `<id>.<secret>`, or both as the server answered them when the key was made. Absent: calls without a key. */
  readonly accessKey?: string | { readonly id: string; readonly secret: string } | undefined
  /** Used instead of the global `fetch`. */
  readonly fetch?: typeof fetch | undefined
  readonly retry?: Partial<RetryPolicy> | undefined
  /** How long a call takes at most, all attempts included, unless it says otherwise: 30 when absent, up to 240. */
  readonly timeoutSeconds?: number | undefined
  /** How long one attempt of a call takes at most: 10 when absent. */
  readonly attemptTimeoutSeconds?: number | undefined
}

/** The queues of a server. */
export class StanchionClient {
  readonly accessKeys: AccessKeys
  readonly #http: HttpClient

  constructor(http: HttpClient) {
    this.#http = http
    this.accessKeys = new AccessKeys(http)
  }

  /** Whose key this client calls with, and what it may do. */
  whoami(options: CallOptions = {}): Promise<Whoami> {
    return this.#http.call('whoami', {}, options)
  }

  /** Examines the service and its database: what is wrong, and what to do about it. */
  runDoctor(options: CallOptions = {}): Promise<DoctorReport> {
    return this.#http.call('runDoctor', {}, options)
  }

  /** A queue by its name, whether it exists or not. */
  queue(name: string): Queue {
    return new Queue(this.#http, name)
  }

  /** Creates a queue. Doing it again with the same values is fine. */
  createQueue(queue: NewQueue, options: CallOptions = {}): Promise<QueueDescription> {
    return this.#http.call('createQueue', { body: queue }, options)
  }

  getQueue(name: string, options: CallOptions = {}): Promise<QueueDescription> {
    return this.#http.call('getQueue', { path: { queue: name } }, options)
  }

  /** Changes what is given and keeps the rest. */
  updateQueue(name: string, change: QueueChange, options: CallOptions = {}): Promise<QueueDescription> {
    return this.#http.call('updateQueue', { path: { queue: name }, body: change }, options)
  }

  /** Deletes a queue with its messages. */
  async deleteQueue(name: string, options: CallOptions = {}): Promise<void> {
    await this.#http.call('deleteQueue', { path: { queue: name } }, options)
  }

  /** One page of the queues, in the byte order of their names. */
  listQueues(query: Page & { readonly prefix?: string } = {}, options: CallOptions = {}): Promise<QueuePage> {
    return this.#http.call('listQueues', { query }, options)
  }

  /** All queues, or those whose names start with a prefix, page after page. */
  queues(filter: { readonly prefix?: string } = {}, options: CallOptions = {}): AsyncGenerator<QueueDescription, void> {
    return throughPages((page) => this.listQueues({ ...filter, ...page }, options))
  }

  /** One page of the numbers of queues: depth, age and rates, some seconds old. */
  listQueueStatistics(
    query: Page & { readonly prefix?: string } = {},
    options: CallOptions = {},
  ): Promise<QueueStatisticsPage> {
    return this.#http.call('listQueueStatistics', { query }, options)
  }

  /** The numbers of all queues, or of those whose names start with a prefix, page after page. */
  queueStatistics(
    filter: { readonly prefix?: string } = {},
    options: CallOptions = {},
  ): AsyncGenerator<QueueStatistics, void> {
    return throughPages((page) => this.listQueueStatistics({ limit: 1_000, ...filter, ...page }, options))
  }
}

/** The client of a server. It holds no connection of its own, so there is nothing to close. */
export function createClient(options: ClientOptions): StanchionClient {
  const { accessKey } = options
  return new StanchionClient(
    new HttpClient({
      baseUrl: cleanBaseUrl(options.baseUrl),
      accessKey: typeof accessKey === 'object' ? `${accessKey.id}.${accessKey.secret}` : accessKey,
      fetch: options.fetch ?? fetch,
      retry: checkRetryPolicy({ ...DEFAULT_RETRY_POLICY, ...options.retry }),
      timeoutSeconds: options.timeoutSeconds ?? 30,
      attemptTimeoutSeconds: options.attemptTimeoutSeconds ?? 10,
    }),
  )
}

function cleanBaseUrl(baseUrl: string): string {
  const { protocol, origin, pathname, search, hash } = new URL(baseUrl)
  if (!['http:', 'https:'].includes(protocol)) throw new TypeError(`baseUrl must be of http or https: ${baseUrl}`)
  if (search !== '' || hash !== '') throw new TypeError(`baseUrl must have neither query nor fragment: ${baseUrl}`)
  return `${origin}${pathname.replace(/\/+$/, '')}`
}

function checkRetryPolicy(policy: RetryPolicy): RetryPolicy {
  const { attemptsMax, backoffSeconds, backoffSecondsMax } = policy
  if (!Number.isInteger(attemptsMax) || attemptsMax < 1) throw new RangeError('retry.attemptsMax must be 1 or more.')
  if (!(backoffSeconds >= 0 && backoffSecondsMax >= 0))
    throw new RangeError('The backoff of retry must not be negative.')
  return policy
}
