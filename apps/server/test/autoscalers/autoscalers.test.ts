import { randomBytes } from 'node:crypto'
import { setTimeout } from 'node:timers/promises'
import { GetQueueUrlCommand, SQSClient } from '@aws-sdk/client-sqs'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type { NewSecret } from '@stanchion/identity'
import type { QueueKey } from '@stanchion/queue'
import { startTestServer, type TestServer } from '../helpers/start-test-server.ts'
import { findProgram } from '../monitoring/find-program.ts'
import { type Prometheus, startPrometheus } from '../monitoring/start-prometheus.ts'
import { type Cluster, only, readManifests, readTrigger } from './read-manifests.ts'
import { readAwsSqsQueue, readMetricsApi, readPrometheus, replicasFor } from './scalers.ts'

const ACCOUNT = '000000000000'
const ORDERS: QueueKey = { accountId: ACCOUNT, name: 'orders' }
const PROMETHEUS = findProgram('prometheus')
/** On machines without Prometheus these are skipped; jest counts them. */
const withPrometheus = PROMETHEUS === undefined ? describe.skip : describe

let server: TestServer
let cluster: Cluster
/** Of a key that may read the metrics. */
let metricsToken: string

beforeAll(async () => {
  server = await startTestServer({
    STANCHION_AUTH: 'on',
    STANCHION_MASTER_KEY: randomBytes(32).toString('base64'),
    STANCHION_STATISTICS_INTERVAL_MS: '50',
  })
  const keys = server.app.accessKeys as NonNullable<typeof server.app.accessKeys>
  const { key, secret }: NewSecret = await keys.create({ accountId: ACCOUNT, role: 'reader', queuePattern: 'orders' })
  const forMetrics = await keys.create({ accountId: ACCOUNT, role: 'reader' })
  metricsToken = `${forMetrics.key.id}.${forMetrics.secret}`
  cluster = { stanchionUrl: server.url, accessKey: { id: key.id, secret } }
})
afterAll(() => server?.stop())

/** The queue of the examples, anew, with so many messages by state. */
async function fill(visible: number, inFlight = 0, delayed = 0): Promise<void> {
  await server.engine.deleteQueue(ORDERS).catch(() => undefined)
  await server.engine.createQueue(ORDERS)
  const send = async (count: number, delaySeconds: number) => {
    for (let left = count; left > 0; left -= 1_000) {
      const messages = Array.from({ length: Math.min(1_000, left) }, () => ({ body: 'x', delaySeconds }))
      await server.engine.sendMessages(ORDERS, messages)
    }
  }
  await send(visible + inFlight, 0)
  await send(delayed, 600)
  for (let left = inFlight; left > 0; ) {
    const request = { maxMessages: Math.min(1_000, left), visibilityTimeoutSeconds: 600, waitSeconds: 0 }
    left -= (await server.engine.receiveMessages(ORDERS, request)).length
  }
}

/** Between which numbers of replicas KEDA keeps the workers of an example. */
function limitsOf(manifests: ReturnType<typeof readManifests>) {
  const { minReplicaCount, maxReplicaCount } = only(manifests, 'ScaledObject').spec
  return { min: minReplicaCount, max: maxReplicaCount }
}

describe('deploy/keda/aws-sqs-queue.yaml', () => {
  const read = async (change: Record<string, string> = {}) => {
    const manifests = readManifests('deploy/keda/aws-sqs-queue.yaml', cluster)
    const { type, metadata, auth } = readTrigger(manifests)
    expect(type).toBe('aws-sqs-queue')
    const { value, queueName } = await readAwsSqsQueue({ ...metadata, ...change }, auth)
    return { value, queueName, replicas: replicasFor(value, Number(metadata.queueLength), limitsOf(manifests)) }
  }

  it('finds every count as a number on an empty queue, and the name of the queue in its URL', async () => {
    await fill(0)
    expect(await read({ scaleOnDelayed: 'true' })).toEqual({ value: 0, queueName: 'orders', replicas: 0 })
  })

  it('counts what is visible and in flight, and what is delayed only when it is told so', async () => {
    await fill(900, 300, 70)
    expect(await read()).toMatchObject({ value: 1_200, replicas: 3 })
    expect(await read({ scaleOnInFlight: 'false' })).toMatchObject({ value: 900 })
    expect(await read({ scaleOnDelayed: 'true' })).toMatchObject({ value: 1_270 })
  })

  it('reaches the queue by the endpoint, whatever the host in the URL of the queue', async () => {
    await fill(5)
    expect(await read({ queueURL: `http://elsewhere.invalid/${ACCOUNT}/orders` })).toMatchObject({ value: 5 })
  })

  it('is given the URL that the server gives out, and refuses one with more or fewer segments', async () => {
    await fill(5)
    const { metadata, auth } = readTrigger(readManifests('deploy/keda/aws-sqs-queue.yaml', cluster))
    const client = new SQSClient({
      endpoint: metadata.awsEndpoint as string,
      region: metadata.awsRegion as string,
      credentials: { accessKeyId: auth.awsAccessKeyID as string, secretAccessKey: auth.awsSecretAccessKey as string },
    })
    const { QueueUrl } = await client.send(new GetQueueUrlCommand({ QueueName: 'orders' }))
    client.destroy()
    expect(QueueUrl).toBe(metadata.queueURL)
    await expect(read({ queueURL: `${server.url}/orders` })).rejects.toThrow('cannot get queueName from queueURL')
    await expect(read({ queueURL: `${server.url}/${ACCOUNT}/orders/` })).rejects.toThrow(
      'cannot get queueName from queueURL',
    )
  })

  it('fails with a key that does not fit, instead of reading 0', async () => {
    await fill(5)
    await expect(
      readAwsSqsQueue(
        readTrigger(readManifests('deploy/keda/aws-sqs-queue.yaml', { stanchionUrl: server.url })).metadata,
        { awsAccessKeyID: 'other', awsSecretAccessKey: 'other' },
      ),
    ).rejects.toThrow()
  })
})

describe('deploy/keda/metrics-api.yaml', () => {
  const trigger = (of = cluster) => readTrigger(readManifests('deploy/keda/metrics-api.yaml', of))
  const replicas = async () => {
    const manifests = readManifests('deploy/keda/metrics-api.yaml', cluster)
    const { type, metadata, auth } = readTrigger(manifests)
    expect(type).toBe('metrics-api')
    return replicasFor(await readMetricsApi(metadata, auth), Number(metadata.targetValue), limitsOf(manifests))
  }

  it('makes as many workers as the policy of the queue says', async () => {
    await fill(0)
    expect(await replicas()).toBe(2)
    await fill(700, 300)
    expect(await replicas()).toBe(5)
    await fill(10_001)
    expect(await replicas()).toBe(10)
  })

  it.each(['outstandingMessages', 'arrivalsPerSecond', 'completionsPerSecond', 'desiredConsumers'])(
    'finds a number at %s, on an empty queue too',
    async (valueLocation) => {
      await fill(0)
      const { metadata, auth } = trigger()
      expect(await readMetricsApi({ ...metadata, valueLocation }, auth)).toBeGreaterThanOrEqual(0)
    },
  )

  it('fails without the access key, and for a queue that its key does not reach', async () => {
    await fill(0)
    const { metadata } = trigger()
    await expect(readMetricsApi(metadata, { token: 'x.y' })).rejects.toThrow('api returned 401')
    await expect(readMetricsApi(metadata, {})).rejects.toThrow('no token provided')
    const url = (metadata.url as string).replace('/orders/', '/payments/')
    await expect(readMetricsApi({ ...metadata, url }, trigger().auth)).rejects.toThrow('api returned 403')
  })
})

withPrometheus('with a Prometheus that scrapes two servers', () => {
  let prometheus: Prometheus
  beforeAll(async () => {
    // Twice the same server under two names: two series of every metric, as two nodes make them.
    const targets = ['127.0.0.1', 'localhost'].map((host) => `${host}:${new URL(server.url).port}`)
    prometheus = await startPrometheus(PROMETHEUS as string, {
      global: { scrape_interval: '1s' },
      scrape_configs: [
        { job_name: 'stanchion', authorization: { credentials: metricsToken }, static_configs: [{ targets }] },
      ],
    })
  })
  afterAll(() => prometheus?.stop())

  /** Asks until the answer is the expected one; what was scraped before the queue was filled is still there for a moment. */
  async function until<T>(ask: () => Promise<T>, expected: T): Promise<void> {
    const endsAtMs = performance.now() + 20_000
    for (;;) {
      const answer = await ask().catch((error: unknown) => error as T)
      if (answer === expected) return
      if (performance.now() > endsAtMs) {
        expect(answer).toBe(expected)
        throw new Error('it did not become the expected answer')
      }
      // Prometheus scrapes once a second; asking it all the time would keep it from that.
      await setTimeout(50)
    }
  }

  describe('deploy/keda/prometheus.yaml', () => {
    const manifests = () => readManifests('deploy/keda/prometheus.yaml', { ...cluster, prometheusUrl: prometheus.url })
    const replicas = async () => {
      const { type, metadata } = readTrigger(manifests())
      expect(type).toBe('prometheus')
      return replicasFor(await readPrometheus(metadata), Number(metadata.threshold), limitsOf(manifests()))
    }

    it('makes as many workers as the policy of the queue says, of an empty queue too', async () => {
      await fill(0)
      await until(replicas, 2)
      await fill(1_000)
      await until(replicas, 5)
    }, 60_000)

    it('is an error where there is no such series, and not a reason to stop all workers', async () => {
      const { metadata } = readTrigger(manifests())
      const misspelt = { ...metadata, query: (metadata.query as string).replace('orders', 'ordres') }
      await expect(readPrometheus(misspelt)).rejects.toThrow('the result is empty')
      // What KEDA does by default.
      expect(await readPrometheus({ ...misspelt, ignoreNullValues: 'true' })).toBe(0)
    })
  })

  describe('deploy/hpa', () => {
    const [values] = readManifests('deploy/hpa/prometheus-adapter-values.yaml', { stanchionUrl: '' })
    const [hpa] = readManifests('deploy/hpa/hpa.yaml', { stanchionUrl: '' })
    const [rule] = values?.rules.external ?? []

    const query = async (text: string) => {
      const response = await fetch(`${prometheus.url}/api/v1/query?${new URLSearchParams({ query: text })}`)
      const { data } = (await response.json()) as { data: { result: { metric: object; value: [number, string] }[] } }
      return data.result
    }

    it('names one metric in the adapter and in the HPA', () => {
      expect(values?.rules.external).toHaveLength(1)
      expect(hpa?.spec.metrics).toHaveLength(1)
      expect(rule.name.as).toBe(hpa?.spec.metrics[0].external.metric.name)
    })

    it('makes as many workers as the policy of the queue says', async () => {
      await fill(1_000)
      const { metric, target } = hpa?.spec.metrics[0].external ?? {}
      expect(target.type).toBe('AverageValue')
      // As the adapter fills its template: the series it has found, and what the HPA selects by.
      const matchers = Object.entries(metric.selector.matchLabels as Record<string, string>).map(([name, value]) => {
        if (typeof value !== 'string') throw new Error(`the label ${name} is no text`)
        return `${name}="${value}"`
      })
      const text = (rule.metricsQuery as string)
        .replaceAll('<<.Series>>', metric.name)
        .replaceAll('<<.LabelMatchers>>', matchers.join(','))
      const { minReplicas: min, maxReplicas: max } = hpa?.spec ?? {}
      await until(async () => {
        const result = await query(text)
        expect(result).toHaveLength(1)
        // An HPA adds up what a selector finds.
        const sum = result.reduce((total, { value }) => total + Number(value[1]), 0)
        return replicasFor(sum, Number(target.averageValue), { min, max })
      }, 5)
      expect((await query(rule.seriesQuery)).length).toBeGreaterThan(0)
    }, 60_000)
  })
})
