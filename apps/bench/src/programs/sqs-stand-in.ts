import { hash, randomUUID } from 'node:crypto'
import { fastify } from 'fastify'

/** What a stand-in for a queue service does with its messages. */
export interface Store {
  send(bodies: readonly string[]): Promise<readonly string[]>
  receive(count: number): Promise<readonly { id: string; handle: string; body: string }[]>
  delete(handles: readonly string[]): Promise<void>
}

interface Entry {
  Id: string
  MessageBody: string
  ReceiptHandle: string
}

/** The members of all actions together. */
interface Input extends Omit<Entry, 'Id'> {
  Entries: Entry[]
  MaxNumberOfMessages?: number
}

/** A server with the JSON and the digests of SQS and nothing else; the rivals in a run differ only in their store. */
export async function listen(store: Store): Promise<void> {
  const app = fastify({ keepAliveTimeout: 75_000 })
  app.addContentTypeParser('application/x-amz-json-1.0', { parseAs: 'string' }, (_request, body, done) =>
    done(null, JSON.parse(body as string)),
  )
  app.post('/', async (request, reply) => {
    reply.header('x-amzn-RequestId', randomUUID()).type('application/x-amz-json-1.0')
    const action = String(request.headers['x-amz-target']).slice('AmazonSQS.'.length)
    return JSON.stringify(await answer(store, action, request.body as Input))
  })
  const address = await app.listen({ port: Number(process.env.PORT ?? 0), host: '127.0.0.1' })
  console.log(`listens on ${address}`)
  process.once('SIGTERM', () => process.exit(0))
}

async function answer(store: Store, action: string, input: Input): Promise<object> {
  switch (action) {
    case 'CreateQueue':
      return { QueueUrl: 'http://127.0.0.1/000000000000/bench' }
    case 'SendMessage': {
      const [MessageId] = await store.send([input.MessageBody])
      return { MessageId, MD5OfMessageBody: hash('md5', input.MessageBody) }
    }
    case 'SendMessageBatch': {
      const entries = input.Entries
      const ids = await store.send(entries.map((entry) => entry.MessageBody))
      return {
        Successful: entries.map((entry, i) => ({
          Id: entry.Id,
          MessageId: ids[i],
          MD5OfMessageBody: hash('md5', entry.MessageBody),
        })),
      }
    }
    case 'ReceiveMessage': {
      const messages = await store.receive(input.MaxNumberOfMessages ?? 1)
      if (messages.length === 0) return {}
      return {
        Messages: messages.map(({ id, handle, body }) => ({
          MessageId: id,
          ReceiptHandle: handle,
          MD5OfBody: hash('md5', body),
          Body: body,
        })),
      }
    }
    case 'DeleteMessage':
      await store.delete([input.ReceiptHandle])
      return {}
    case 'DeleteMessageBatch': {
      const entries = input.Entries
      await store.delete(entries.map((entry) => entry.ReceiptHandle))
      return { Successful: entries.map(({ Id }) => ({ Id })) }
    }
    default:
      throw new Error(`the stand-in knows no ${action}`)
  }
}
