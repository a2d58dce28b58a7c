import { type Endpoint, parseEndpoint } from '../clients/endpoint.ts'
import { SqsJsonClient } from '../clients/sqs-json-client.ts'
import { SqsQueryClient } from '../clients/sqs-query-client.ts'
import type { Contender, Suspendable } from './contender.ts'

/** Any service that speaks SQS and is already there. Only what runs on this machine can have its CPU time counted. */
export function sqsEndpoint(
  url: string,
  protocol: 'json' | 'query',
  server: Partial<Suspendable> & { readonly pid?: number; readonly databaseUrl?: string; stop(): Promise<void> } = {
    stop: async () => {},
  },
): Contender {
  // A made-up signature: emulators want to see one and do not check it.
  const endpoint: Endpoint = { ...parseEndpoint(url), credentials: { accessKeyId: 'bench', secret: 'bench' } }
  return {
    serverPids: server.pid === undefined ? [] : [server.pid],
    ...(server.databaseUrl === undefined ? {} : { databaseUrl: server.databaseUrl }),
    async createQueue(QueueName, isFifo) {
      if (protocol === 'query') {
        const client = await SqsQueryClient.open(endpoint)
        const attributes = isFifo ? { 'Attribute.1.Name': 'FifoQueue', 'Attribute.1.Value': 'true' } : {}
        const xml = await client.call('CreateQueue', { QueueName, ...attributes })
        await client.close()
        return /<QueueUrl>([^<]*)/.exec(xml)?.[1] as string
      }
      const client = await SqsJsonClient.open(endpoint)
      const Attributes = isFifo ? { FifoQueue: 'true' } : undefined
      const { QueueUrl } = await client.call<{ QueueUrl: string }>('CreateQueue', { QueueName, Attributes })
      await client.close()
      return QueueUrl
    },
    suspend: () => server.suspend?.(),
    resume: () => server.resume?.(),
    connect: () => (protocol === 'query' ? SqsQueryClient.open(endpoint) : SqsJsonClient.open(endpoint)),
    stop: () => server.stop(),
  }
}
