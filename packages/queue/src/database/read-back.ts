import { QueueError } from '../errors.ts'

/**
 * Reads something for the answer to a request that is committed already. When that fails, it cannot be said that nothing was done.
 * @throws QueueError `outcomeUnknown`; `queueNotFound` and its like stay as they are, for they tell what came after the commit
 */
export async function readBack<T>(read: () => Promise<T>): Promise<T> {
  try {
    return await read()
  } catch (error) {
    if (!(error instanceof QueueError) || error.code !== 'unavailable') throw error
    const message = 'The request took effect, but what came of it could not be read.'
    throw new QueueError('outcomeUnknown', message, { cause: error })
  }
}
