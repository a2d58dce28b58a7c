import { type RestApi, Violation } from './rest-api.ts'

/** A message as a receive answers it. */
export interface Received {
  readonly body: string
  readonly receiptHandle: string
}

/** A message as it stands in the queue. */
export interface Standing {
  readonly body: string
  readonly state: 'ready' | 'leased' | 'delayed'
  readonly receiveCount: number
  readonly visibleAt?: string
}

/** A queue of one trial: what prepares it and what looks at it has to work. */
export class QueueUnderTest {
  readonly path: string
  readonly isFifo: boolean
  readonly #api: RestApi

  private constructor(api: RestApi, name: string) {
    this.#api = api
    this.path = `/queues/${name}`
    this.isFifo = name.endsWith('.fifo')
  }

  get name(): string {
    return this.path.slice('/queues/'.length)
  }

  static async create(api: RestApi, name: string, rest: Record<string, unknown> = {}): Promise<QueueUnderTest> {
    const queue = new QueueUnderTest(api, name)
    await api.must('POST', '/queues', { name, kind: queue.isFifo ? 'fifo' : 'standard', ...rest })
    return queue
  }

  /** As a message is sent; its group on a FIFO queue is its first letter. */
  message(body: string): Record<string, unknown> {
    return this.isFifo ? { body, groupId: body.slice(0, 1), deduplicationId: body } : { body }
  }

  async send(bodies: readonly string[]): Promise<void> {
    await this.#api.must('POST', `${this.path}/messages/batch`, { messages: bodies.map((body) => this.message(body)) })
  }

  /** As many messages as these, which have to be them. */
  async receive(bodies: readonly string[]): Promise<Received[]> {
    const messages: Received[] = []
    while (messages.length < bodies.length) {
      const answer = await this.#api.must('POST', `${this.path}/receive`, { maxMessages: bodies.length })
      const received = answer.messages as Received[]
      if (received.length === 0) throw new Violation(`a receive found nothing, after ${messages.length} messages`)
      messages.push(...received)
    }
    return bodies.map((body) => {
      const message = messages.find((each) => each.body === body)
      if (message === undefined) throw new Violation(`${body} was not received`)
      return message
    })
  }

  /** Sends these and receives them. */
  async lease(bodies: readonly string[]): Promise<Received[]> {
    await this.send(bodies)
    return this.receive(bodies)
  }

  async release(message: Received): Promise<void> {
    await this.#api.must('POST', `${this.path}/leases/${message.receiptHandle}/release`)
  }

  /** All messages of the queue as they stand. */
  async standing(): Promise<Standing[]> {
    const states = ['ready', 'leased', 'delayed'].map(async (state) => {
      const messages: Standing[] = []
      let cursor = ''
      do {
        const page = await this.#api.must('GET', `${this.path}/messages?state=${state}&limit=100${cursor}`)
        messages.push(...(page.messages as Standing[]))
        cursor = page.nextCursor === undefined ? '' : `&cursor=${encodeURIComponent(page.nextCursor as string)}`
      } while (cursor !== '')
      return messages
    })
    return (await Promise.all(states)).flat()
  }

  /** For each body, what this makes of its messages. */
  async effects(
    bodies: readonly string[],
    count: (messages: readonly Standing[]) => number,
  ): Promise<Map<string, number>> {
    const standing = await this.standing()
    return new Map(bodies.map((body) => [body, count(standing.filter((message) => message.body === body))]))
  }
}
