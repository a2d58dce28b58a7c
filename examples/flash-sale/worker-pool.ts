import { setTimeout } from 'node:timers/promises'
import { Consumer, type Queue } from '@stanchion/client'

/** Orders that a worker takes at a time. */
const BATCH_SIZE = 50

/** A pool of workers that can be made larger and smaller while it works, as a platform does with replicas. */
export class WorkerPool {
  readonly #queue: Queue
  readonly #ordersPerSecond: number
  readonly #workers: Consumer[] = []
  readonly #stopping = new Set<Promise<void>>()

  /** @param ordersPerSecond what one worker completes */
  constructor(queue: Queue, ordersPerSecond: number) {
    this.#queue = queue
    this.#ordersPerSecond = ordersPerSecond
  }

  get size(): number {
    return this.#workers.length
  }

  /** Starts workers, or lets the ones too many finish what they have in hand. */
  resize(size: number): void {
    while (this.#workers.length < size) this.#workers.push(this.#start())
    for (const worker of this.#workers.splice(size)) {
      const stopped = worker.stop().then(() => void this.#stopping.delete(stopped))
      this.#stopping.add(stopped)
    }
  }

  /** Ends when the last worker has finished. */
  async stop(): Promise<void> {
    this.resize(0)
    await Promise.all(this.#stopping)
  }

  #start(): Consumer {
    return new Consumer(this.#queue, {
      concurrency: 1,
      batchSize: BATCH_SIZE,
      // Shipping takes time; that is all a worker does here.
      handleBatch: async (orders) => {
        await setTimeout((orders.length / this.#ordersPerSecond) * 1_000)
      },
      onError: (error, { during }) => console.error(`${during}: ${error}`),
    }).start()
  }
}
