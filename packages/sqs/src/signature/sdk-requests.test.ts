import {
  ChangeMessageVisibilityBatchCommand,
  ListQueuesCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs'
import { describe, expect, it } from '@jest/globals'
import { type HttpRequest, HttpResponse } from '@smithy/core/protocols'
import { ACCESS_KEY_ID, SECRET, toSignedRequest } from './sign-request.fixture.ts'
import { SigningKeys } from './signing-keys.ts'
import { verifySignature } from './verify-signature.fixture.ts'

/** A client of the AWS SDK whose requests go nowhere. */
function setup() {
  const sent: HttpRequest[] = []
  const client = new SQSClient({
    endpoint: 'http://localhost:9324',
    region: 'eu-west-1',
    md5: false,
    credentials: { accessKeyId: ACCESS_KEY_ID, secretAccessKey: SECRET },
    requestHandler: {
      handle: async (request: HttpRequest) => {
        sent.push(request)
        return { response: new HttpResponse({ statusCode: 200, headers: {}, body: Buffer.from('{}') }) }
      },
    },
  })
  return { client, sent }
}

const QueueUrl = 'http://localhost:9324/000000000000/orders'

describe('what the AWS SDK sends', () => {
  it.each([
    ['SendMessage', new SendMessageCommand({ QueueUrl, MessageBody: 'käse 🧀 + "quotes" & ümlaut' })],
    ['ReceiveMessage', new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 20 })],
    ['ListQueues', new ListQueuesCommand({})],
    ['ChangeMessageVisibilityBatch', new ChangeMessageVisibilityBatchCommand({ QueueUrl, Entries: [] })],
  ])('is accepted for %s, and nothing else is accepted with its signature', async (_, command) => {
    const { client, sent } = setup()
    await client.send(command as SendMessageCommand)
    const request = toSignedRequest(sent[0] as HttpRequest)
    const rules = { nowMs: Date.now(), service: 'sqs', findSecret: () => SECRET, signingKeys: new SigningKeys() }
    expect(await verifySignature(request, rules)).toMatchObject({ accessKeyId: ACCESS_KEY_ID, region: 'eu-west-1' })
    const body = Buffer.concat([request.body, Buffer.from(' ')])
    await expect(verifySignature({ ...request, body }, rules)).rejects.toThrow('does not match')
  })
})
