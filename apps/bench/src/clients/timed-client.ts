import type { OutgoingMessage, QueueClient, ReceivedMessage, ReceiveOptions } from './queue-client.ts'

/** Notes how long each call of a client took. */
export class TimedClient implements QueueClient {
  readonly #client: QueueClient
  readonly #latenciesMs: number[]

  /** @param latenciesMs where the figures go */
  constructor(client: QueueClient, latenciesMs: number[]) {
    this.#client = client
    this.#latenciesMs = latenciesMs
  }

  send(queue: string, messages: readonly OutgoingMessage[]) {
    return this.#timed(this.#client.send(queue, messages))
  }

  receive(queue: string, options: ReceiveOptions) {
    return this.#timed(this.#client.receive(queue, options))
  }

  delete(queue: string, messages: readonly ReceivedMessage[]) {
    return this.#timed(this.#client.delete(queue, messages))
  }

  release(queue: string, messages: readonly ReceivedMessage[]) {
    return this.#timed(this.#client.release(queue, messages))
  }

  close() {
    return this.#client.close()
  }

  async #timed<Output>(call: Promise<Output>): Promise<Output> {
    const calledAtMs = performance.now()
    const output = await call
    this.#latenciesMs.push(performance.now() - calledAtMs)
    return output
  }
}
