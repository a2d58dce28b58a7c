import type { Statement } from '../database/database.ts'
import { readDatabaseTime } from '../database/read-database-time.ts'
import { toQueueError } from '../database/sqlstate.ts'
import type { EngineContext } from '../engine-context.ts'
import { QueueError } from '../errors.ts'
import { READY_FIFO_LANES, READY_LANES } from '../messages/statements.ts'
import type { WaitRoom } from '../waiting/wait-room.ts'

/**
 * The safety tick: asks, in one statement a bucket, which of the lanes that somebody waits on have something, and wakes
 * those (G27). It costs the same for one waiting receive and for ten thousand, and nothing when nobody waits. When the
 * database does not answer, those who wait are told.
 */
export async function safetyTick(context: EngineContext): Promise<void> {
  context.rooms.forgetIdle()
  const rooms = context.rooms.occupied()
  if (rooms.length === 0) return
  try {
    await wakeReady(
      context,
      rooms.filter((room) => room.live.queue.fifo === undefined),
      (bucket, lanes) => [READY_LANES, bucket, [...lanes.keys()], [...lanes.values()].map((room) => room.live.version)],
    )
    await wakeReady(
      context,
      rooms.filter((room) => room.live.queue.fifo !== undefined),
      (bucket, lanes) => [READY_FIFO_LANES, bucket, [...lanes.keys()]],
    )
  } catch (error) {
    const reason = toQueueError(error)
    if (reason instanceof QueueError) {
      context.rooms.rejectAll(new QueueError('unavailable', 'The database cannot be reached.', { cause: error }))
    }
    throw error
  }
}

async function wakeReady(
  context: EngineContext,
  rooms: readonly WaitRoom[],
  question: (bucket: number, lanes: ReadonlyMap<number, WaitRoom>) => [Statement, ...unknown[]],
): Promise<void> {
  const buckets = new Map<number, Map<number, WaitRoom>>()
  for (const room of rooms) {
    for (const lane of room.live.lanes) {
      const lanes = buckets.get(room.live.bucket) ?? new Map<number, WaitRoom>()
      buckets.set(room.live.bucket, lanes.set(lane, room))
    }
  }
  for (const [bucket, lanes] of buckets) {
    const [statement, ...values] = question(bucket, lanes)
    const ready = await context.database.ask(statement, values)
    for (const [lane] of ready) lanes.get(Number(lane))?.wake('tick')
  }
}

/** Keeps this node's notion of the database clock fresh; see `DatabaseClock`. */
export async function readClock(context: Pick<EngineContext, 'database' | 'logger'>): Promise<void> {
  const { clock } = context.database
  const wasDistrusted = clock.distrustedJumpMs > 0
  await readDatabaseTime(context.database)
  if (clock.distrustedJumpMs === 0) return
  const confirmation = await context.database.withCatalogue((catalogue) =>
    catalogue
      .selectFrom('stanchion.clock_confirmation')
      .select('confirmed_at')
      .orderBy('confirmed_at', 'desc')
      .executeTakeFirst(),
  )
  if (confirmation !== undefined && confirmation.confirmed_at.getTime() > clock.trustedNowMs()) {
    clock.confirm()
    context.logger.warn({}, 'the jump of the database clock was confirmed; retention follows it')
  } else if (!wasDistrusted) {
    context.logger.error(
      { jumpSeconds: Math.round(clock.distrustedJumpMs / 1000) },
      'the database clock jumped ahead; retention removes nothing on account of it until it comes back or an operator confirms it',
    )
  }
}
