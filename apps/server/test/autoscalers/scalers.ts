import { GetQueueAttributesCommand, type QueueAttributeName, SQSClient } from '@aws-sdk/client-sqs'

type Texts = Readonly<Record<string, string>>

/**
 * What KEDA's scalers read, step for step as they do it (kedacore/keda, pkg/scalers, release 2.17): each answers the number that
 * goes to the HPA, or fails as the scaler would.
 */

/** `aws_sqs_queue_scaler.go`: the sum of the counts that the metadata ask for. */
export async function readAwsSqsQueue(metadata: Texts, auth: Texts): Promise<{ value: number; queueName: string }> {
  const segments = new URL(metadata.queueURL as string).pathname.split('/')
  if (segments.length !== 3 || segments[2] === '') throw new Error('cannot get queueName from queueURL')
  const names: QueueAttributeName[] = ['ApproximateNumberOfMessages']
  if (metadata.scaleOnInFlight !== 'false') names.push('ApproximateNumberOfMessagesNotVisible')
  if (metadata.scaleOnDelayed === 'true') names.push('ApproximateNumberOfMessagesDelayed')
  const client = new SQSClient({
    endpoint: metadata.awsEndpoint as string,
    region: metadata.awsRegion as string,
    credentials: { accessKeyId: auth.awsAccessKeyID as string, secretAccessKey: auth.awsSecretAccessKey as string },
    // The SDK for Go sends to its endpoint, whatever the host of the queue's URL.
    useQueueUrlAsEndpoint: false,
    maxAttempts: 1,
  })
  try {
    const command = new GetQueueAttributesCommand({ QueueUrl: metadata.queueURL as string, AttributeNames: names })
    const { Attributes = {} } = await client.send(command)
    let value = 0
    for (const name of names) {
      const text = Attributes[name]
      if (text === undefined) throw new Error(`metric ${name} not found in SQS queue attributes`)
      if (!/^-?\d+$/.test(text)) throw new Error(`${name} is no whole number`)
      value += Number(text)
    }
    return { value, queueName: segments[2] as string }
  } finally {
    client.destroy()
  }
}

/** `metrics_api_scaler.go` with `format: json` and, at most, a bearer token. */
export async function readMetricsApi(metadata: Texts, auth: Texts): Promise<number> {
  if (Number(metadata.targetValue) === 0) throw new Error('no targetValue given in metadata')
  const headers: Record<string, string> = {}
  if (metadata.authMode === 'bearer') {
    if (!auth.token) throw new Error('no token provided')
    headers.authorization = `Bearer ${auth.token}`
  }
  const response = await fetch(metadata.url as string, { headers })
  const body = await response.json()
  if (response.status !== 200) throw new Error(`api returned ${response.status}`)
  const value = (metadata.valueLocation as string)
    .split('.')
    .reduce<unknown>((part, name) => (part as Record<string, unknown> | undefined)?.[name], body)
  if (typeof value !== 'number') throw new Error(`valueLocation must point to value of type number got: '${value}'`)
  return value
}

/** `prometheus_scaler.go`. */
export async function readPrometheus(metadata: Texts): Promise<number> {
  const ignoreNullValues = metadata.ignoreNullValues !== 'false'
  const query = new URLSearchParams({ query: metadata.query as string, time: new Date().toISOString() })
  const response = await fetch(`${metadata.serverAddress}/api/v1/query?${query}`)
  if (!response.ok) throw new Error(`prometheus query api returned error. status: ${response.status}`)
  const { data } = (await response.json()) as { data: { result: { value: [number, string] }[] } }
  if (data.result.length === 0) {
    if (ignoreNullValues) return 0
    throw new Error("prometheus metrics 'prometheus' target may be lost, the result is empty")
  }
  if (data.result.length > 1) throw new Error('prometheus query returned multiple elements')
  const value = Number(data.result[0]?.value[1])
  if (Number.isFinite(value)) return value
  if (ignoreNullValues) return 0
  throw new Error(`prometheus query returns ${value}`)
}

/** How many replicas an HPA makes of a value and a target of the type AverageValue; KEDA's targets have that type. */
export function replicasFor(value: number, averageValue: number, { min, max }: { min: number; max: number }): number {
  return Math.min(Math.max(Math.ceil(value / averageValue), min), max)
}
