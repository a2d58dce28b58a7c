import { QueueError } from '../errors.ts'
import type { Database, Statement } from './database.ts'

const CLOCK: Statement = {
  name: 'stanchion_clock',
  text: 'SELECT extract(epoch FROM stanchion.clock())::double precision * 1000',
}

/**
 * Asks the database for its time, which also shows that it answers.
 * @throws QueueError `unavailable`
 */
export async function readDatabaseTime(database: Database): Promise<void> {
  try {
    const [row] = await database.run(CLOCK, [])
    database.clock.observe(row?.[0] as number)
  } catch (error) {
    throw new QueueError('unavailable', 'The database cannot be reached; nothing was done.', { cause: error })
  }
}
