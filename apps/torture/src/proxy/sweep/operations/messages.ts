import type { Operation, Trial } from '../operation.ts'
import { QueueUnderTest, type Standing } from '../queue-under-test.ts'
import { type Claim, claimOf, claimsOf, type RestAnswer, type RestApi, Violation } from '../rest-api.ts'
import type { ServerBehindProxy } from '../sweep-server.ts'

const ONE = ['a1']
/** Of several groups on a FIFO queue. */
const SEVERAL = ['a1', 'a2', 'b1', 'c1']
/** Longer than the visibility timeout of the queue, in seconds. */
const LONG_SECONDS = 3_600

/** What is done to messages, on queues of this kind. */
export function messageOperations(kind: 'standard' | 'fifo'): Operation[] {
  const suffix = kind === 'fifo' ? '.fifo' : ''
  const operation = (what: string, trial: (queue: QueueUnderTest, api: RestApi, name: string) => Promise<Trial>) => ({
    name: `${kind}: ${what}`,
    prepare: async ({ api }: ServerBehindProxy, name: string) =>
      trial(await QueueUnderTest.create(api, `${name}${suffix}`), api, name),
  })
  return [
    operation('send', async (queue, api) =>
      sendTrial(queue, ONE, () => api.call('POST', `${queue.path}/messages`, queue.message('a1'))),
    ),
    operation('send a batch', async (queue, api) =>
      sendTrial(queue, SEVERAL, () =>
        api.call('POST', `${queue.path}/messages/batch`, { messages: SEVERAL.map((body) => queue.message(body)) }),
      ),
    ),
    ...(kind === 'standard' ? standardOnly(operation) : []),
    operation('receive', async (queue, api) => receiveTrial(queue, api, ONE, { waitSeconds: 0 })),
    operation('receive several', async (queue, api) =>
      receiveTrial(queue, api, SEVERAL, { maxMessages: 10, waitSeconds: 5 }),
    ),
    operation('delete', async (queue, api) => {
      const [message] = await queue.lease(ONE)
      return settleTrial(queue, ONE, isGone, async () =>
        one('a1', await api.call('DELETE', `${queue.path}/leases/${message?.receiptHandle}`)),
      )
    }),
    operation('delete a batch', async (queue, api) => {
      const receiptHandles = await handles(queue)
      return settleTrial(queue, SEVERAL, isGone, async () =>
        claimsOf(await api.call('POST', `${queue.path}/leases/delete`, { receiptHandles }), SEVERAL),
      )
    }),
    operation('extend', async (queue, api) => {
      const [message] = await queue.lease(ONE)
      const change = { visibilityTimeoutSeconds: LONG_SECONDS }
      return settleTrial(queue, ONE, isExtended, async () =>
        one('a1', await api.call('POST', `${queue.path}/leases/${message?.receiptHandle}/extend`, change)),
      )
    }),
    operation('extend a batch', async (queue, api) => {
      const leases = (await handles(queue)).map((receiptHandle) => ({
        receiptHandle,
        visibilityTimeoutSeconds: LONG_SECONDS,
      }))
      return settleTrial(queue, SEVERAL, isExtended, async () =>
        claimsOf(await api.call('POST', `${queue.path}/leases/extend`, { leases }), SEVERAL),
      )
    }),
    operation('release', async (queue, api) => {
      const [message] = await queue.lease(ONE)
      return settleTrial(queue, ONE, isReady, async () =>
        one('a1', await api.call('POST', `${queue.path}/leases/${message?.receiptHandle}/release`)),
      )
    }),
    operation('release a batch', async (queue, api) => {
      const receiptHandles = await handles(queue)
      return settleTrial(queue, SEVERAL, isReady, async () =>
        claimsOf(await api.call('POST', `${queue.path}/leases/release`, { receiptHandles }), SEVERAL),
      )
    }),
    operation('move to the dead letters', (queue, api, name) => deadLetterTrial(queue, api, `${name}-dead${suffix}`)),
  ]
}

type Define = (what: string, trial: (queue: QueueUnderTest, api: RestApi) => Promise<Trial>) => Operation

function standardOnly(operation: Define): Operation[] {
  const grouped = SEVERAL.map((body) => ({ body, groupId: body.slice(0, 1) }))
  const mixed = [{ body: 'a1' }, { body: 'a2', delaySeconds: 900 }, { body: 'b1', groupId: 'b' }, { body: 'c1' }]
  const sendAll = (messages: unknown) => async (queue: QueueUnderTest, api: RestApi) =>
    sendTrial(queue, SEVERAL, () => api.call('POST', `${queue.path}/messages/batch`, { messages }))
  return [
    operation('send to groups', sendAll(grouped)),
    operation('send a batch that is several statements', sendAll(mixed)),
    operation('receive of groups', async (queue, api) => {
      // More of one group than its first level takes, so that the queue has deeper levels.
      const messages = Array.from({ length: 40 }, (_, i) => ({ body: `a${i}`, groupId: 'a' }))
      await api.must('POST', `${queue.path}/messages/batch`, { messages })
      return claimTrial(
        queue,
        api,
        messages.map(({ body }) => body),
        { maxMessages: 100 },
      )
    }),
  ]
}

/** What a request about one unit says of it. */
function one(unit: string, answer: RestAnswer): Map<string, Claim> {
  return new Map([[unit, claimOf(answer)]])
}

async function handles(queue: QueueUnderTest): Promise<string[]> {
  return (await queue.lease(SEVERAL)).map(({ receiptHandle }) => receiptHandle)
}

function sendTrial(queue: QueueUnderTest, bodies: readonly string[], send: () => Promise<RestAnswer>): Trial {
  return {
    run: async () => {
      const answer = await send()
      return 'results' in answer.body
        ? claimsOf(answer, bodies)
        : new Map(bodies.map((body) => [body, claimOf(answer)]))
    },
    effects: () => queue.effects(bodies, (messages) => messages.length),
  }
}

async function receiveTrial(
  queue: QueueUnderTest,
  api: RestApi,
  bodies: readonly string[],
  request: Record<string, unknown>,
): Promise<Trial> {
  await queue.send(bodies)
  return claimTrial(queue, api, bodies, request)
}

function claimTrial(
  queue: QueueUnderTest,
  api: RestApi,
  bodies: readonly string[],
  request: Record<string, unknown>,
): Trial {
  return {
    run: async () => {
      const answer = await api.call('POST', `${queue.path}/receive`, request)
      const claim = claimOf(answer)
      if (claim === 'done') {
        const received = (answer.body.messages as Standing[]).map(({ body }) => body).sort()
        // Nobody else receives here: what is there and not answered is hidden from everybody.
        if (received.join() !== [...bodies].sort().join())
          throw new Violation(`of ${bodies}, ${received} were answered`)
      }
      return new Map(bodies.map((body) => [body, claim]))
    },
    effects: () =>
      queue.effects(bodies, ([message]) => {
        if (message === undefined) throw new Violation('a message was lost by a receive')
        if ((message.state === 'leased') === message.receiveCount > 0) return message.receiveCount
        throw new Violation(`a message is ${message.state} and was received ${message.receiveCount} times`)
      }),
  }
}

function settleTrial(
  queue: QueueUnderTest,
  bodies: readonly string[],
  isDone: (messages: readonly Standing[]) => boolean,
  run: Trial['run'],
): Trial {
  return { run, effects: () => queue.effects(bodies, (messages) => (isDone(messages) ? 1 : 0)) }
}

const isGone = (messages: readonly Standing[]) => messages.length === 0
const isReady = ([message]: readonly Standing[]) => message?.state === 'ready'
const isExtended = ([message]: readonly Standing[]) =>
  Date.parse(message?.visibleAt ?? '') - Date.now() > (LONG_SECONDS / 2) * 1_000

/** A message that was delivered as often as it may be, and the receive that moves it away. */
async function deadLetterTrial(queue: QueueUnderTest, api: RestApi, deadName: string): Promise<Trial> {
  const dead = await QueueUnderTest.create(api, deadName)
  await api.must('PATCH', queue.path, { deadLetter: { queueName: dead.name, receiveCountMax: 1 } })
  const [message] = await queue.lease(ONE)
  if (message !== undefined) await queue.release(message)
  return {
    run: async () => one('a1', await api.call('POST', `${queue.path}/receive`, { waitSeconds: 0 })),
    effects: async () => {
      const [left, moved] = await Promise.all([queue.standing(), dead.standing()])
      if (left.length + moved.length !== 1) {
        throw new Violation(`the message is in its queue ${left.length} times and ${moved.length} times in the other`)
      }
      return new Map([['a1', moved.length]])
    },
  }
}
