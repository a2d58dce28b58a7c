import { SQS } from '@aws-sdk/client-sqs'
import type { Action } from '../api.ts'
import { REQUEST_TIMEOUT_MS, SqsCallError, type SqsClient, type Target, toClient } from './sqs-client.ts'

/** What the SDK puts on the errors that it throws. */
interface SdkError {
  readonly name?: string
  readonly message?: string
  readonly Code?: string
  readonly Type?: string
  readonly Error?: { readonly Code?: string; readonly Type?: string }
  readonly $metadata?: { readonly httpStatusCode?: number }
}

type SdkMethod = (input: object) => Promise<{ $metadata: unknown }>

/** Calls through the AWS SDK for JavaScript v3 as it is: AWS JSON 1.0, with its own checks of digests. */
export function createSdkClient(target: Target): { client: SqsClient; close(): void } {
  const sdk = new SQS({
    endpoint: target.endpoint,
    region: target.region,
    credentials: { accessKeyId: target.accessKeyId, secretAccessKey: target.secretAccessKey },
    // A retry would hide an error, or store a message twice.
    maxAttempts: 1,
    // Many cases wait in long polls at the same time.
    requestHandler: {
      requestTimeout: REQUEST_TIMEOUT_MS,
      httpAgent: { maxSockets: 200 },
      httpsAgent: { maxSockets: 200 },
    },
  })
  const client = toClient(async (action: Action, input) => {
    const method = sdk[`${action.charAt(0).toLowerCase()}${action.slice(1)}` as keyof SQS] as unknown as SdkMethod
    try {
      const { $metadata: _, ...output } = await method.call(sdk, input)
      return output
    } catch (error) {
      throw normalized(error as SdkError)
    }
  })
  return { client, close: () => sdk.destroy() }
}

/** What is not an answer of the endpoint, such as a digest that does not match, stays as it was. */
function normalized(error: SdkError): unknown {
  const status = error.$metadata?.httpStatusCode
  if (status === undefined || status < 300) return error
  return new SqsCallError({
    status,
    shape: error.name,
    queryCode: error.Error?.Code ?? error.Code ?? '(no x-amzn-query-error)',
    message: error.message ?? '',
    fault: (error.Error?.Type ?? error.Type) === 'Receiver' ? 'Receiver' : 'Sender',
  })
}
