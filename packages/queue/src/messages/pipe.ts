/** Takes items of one operation and runs them in batches. */
export interface Pipe<Item, Result> {
  /** @throws QueueError, see `toQueueError`, or of the batcher */
  submit(item: Item): Promise<Result>
}

/** Full batches that may wait for one bucket; what comes on top is refused (G31). */
export const BATCHES_WAITING_MAX = 64
