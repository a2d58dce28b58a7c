/**
 * Traffic in which everything happens that the dashboards show: messages that are deleted, come back because their lease ended, are given
 * back, go to the dead-letter queue and return from there; delays, FIFO groups and repetitions; receives that wait and receives that
 * find nothing; requests over both doors, and refused ones.
 */
export class Load {
  /** The queue to look at: it has a dead-letter queue. */
  readonly queue: string
  readonly #url: string
  #isStopped = false
  #rounds = 0
  #running: Promise<void> = Promise.resolve()

  private constructor(url: string, queue: string) {
    this.#url = url
    this.queue = queue
  }

  static async start(url: string, queue: string): Promise<Load> {
    const load = new Load(url, queue)
    await load.#call('POST', '/v1/queues', { name: `${queue}-dead` })
    await load.#call('POST', '/v1/queues', {
      name: load.queue,
      settings: { visibilityTimeoutSeconds: 1 },
      deadLetter: { queueName: `${queue}-dead`, receiveCountMax: 2 },
    })
    await load.#call('POST', '/v1/queues', { name: 'load.fifo', kind: 'fifo' })
    await load.#call('POST', '/v1/queues', { name: 'load-quiet' })
    load.#running = load.#run()
    return load
  }

  /** Resolves after one more whole round. Rejects when the load could not go on. */
  async hasRun(): Promise<void> {
    const goal = this.#rounds + 2
    while (this.#rounds < goal && !this.#isStopped) {
      await Promise.race([this.#running, new Promise((resolve) => setTimeout(resolve, 20))])
    }
  }

  async stop(): Promise<void> {
    this.#isStopped = true
    await this.#running
  }

  async #run(): Promise<void> {
    const q = `/v1/queues/${this.queue}`
    while (!this.#isStopped) {
      const waiting = this.#call('POST', '/v1/queues/load-quiet/receive', { waitSeconds: 2 })
      await this.#call('POST', `${q}/messages/batch`, {
        messages: [
          ...Array.from({ length: 8 }, (_, i) => ({ body: `order ${i}` })),
          { body: 'later', delaySeconds: 1 },
        ],
      })
      const { messages } = await this.#call<Received>('POST', `${q}/receive`, { maxMessages: 8 })
      // Half of them are finished, one is given back, and the leases of the others end.
      for (const [i, { receiptHandle }] of messages.entries()) {
        if (i % 2 === 0) await this.#call('DELETE', `${q}/leases/${receiptHandle}`)
        else if (i === 1) await this.#call('POST', `${q}/leases/${receiptHandle}/release`)
      }
      const fifo = { body: 'once', groupId: 'a', deduplicationId: `round-${this.#rounds}` }
      for (let i = 0; i < 2; i++) await this.#call('POST', '/v1/queues/load.fifo/messages', fifo)
      await this.#call('POST', '/v1/queues/load.fifo/receive', { visibilityTimeoutSeconds: 1 })
      await this.#call('POST', `${q}-dead/receive`, { maxMessages: 1 })
      await this.#call('POST', `${q}-dead/move-tasks`, {})
      // Refused, over both doors.
      await this.#call('POST', '/v1/queues/nobody/messages', { body: 'x' })
      await this.#sqs('GetQueueUrl', { QueueName: this.queue })
      await this.#sqs('GetQueueUrl', { QueueName: 'nobody' })
      // The room has looked by now and waits.
      await this.#call('POST', '/v1/queues/load-quiet/messages', { body: 'wake up' })
      const woken = (await waiting) as unknown as Received
      for (const { receiptHandle } of woken.messages) {
        await this.#call('DELETE', `/v1/queues/load-quiet/leases/${receiptHandle}`)
      }
      await this.#call('POST', '/v1/queues/load-quiet/receive', {})
      this.#rounds += 1
    }
  }

  async #call<T = unknown>(method: string, path: string, body?: object): Promise<T> {
    const response = await fetch(`${this.#url}${path}`, {
      method,
      ...(body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    })
    const text = await response.text()
    if (!response.ok && !path.includes('nobody')) throw new Error(`${method} ${path}: ${text}`)
    return (text === '' ? {} : JSON.parse(text)) as T
  }

  async #sqs(action: string, body: object): Promise<void> {
    const headers = { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': `AmazonSQS.${action}` }
    await (await fetch(this.#url, { method: 'POST', headers, body: JSON.stringify(body) })).text()
  }
}

interface Received {
  readonly messages: readonly { readonly receiptHandle: string }[]
}
