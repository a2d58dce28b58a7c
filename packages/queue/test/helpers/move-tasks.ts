import type { Engine, MoveTask, NewQueue, QueueKey } from '../../src/index.ts'
import { type Bundle, idsOf, newKey, until } from './setup.ts'

/** A dead-letter queue and queues that name it. */
export interface DeadLetterQueues {
  readonly dlq: QueueKey
  readonly source: QueueKey
  readonly sources: readonly QueueKey[]
}

export async function newDeadLetterQueues(
  engine: Engine,
  sourceCount = 1,
  input: Partial<NewQueue> = {},
): Promise<DeadLetterQueues> {
  const dlq = keyFor(input)
  await engine.createQueue({ ...input, ...dlq })
  const sources: QueueKey[] = []
  for (let i = 0; i < sourceCount; i++) {
    const key = keyFor(input)
    await engine.createQueue({ ...input, ...key, deadLetter: { queueName: dlq.name, receiveCountMax: 1 } })
    sources.push(key)
  }
  return { dlq, source: sources[0] as QueueKey, sources }
}

/** A key for a queue of the kind that the input wants. */
export function keyFor({ fifo }: Partial<NewQueue>): QueueKey {
  const key = newKey()
  return fifo === undefined ? key : { ...key, name: `${key.name}.fifo` }
}

/** Dead letters in the order of the bodies: sent to the dead-letter queue, and remembered as coming from the source. */
export async function putDeadLetters(
  { engine, sql }: Bundle,
  dlq: QueueKey,
  source: QueueKey,
  bodies: readonly string[],
): Promise<void> {
  for (let start = 0; start < bodies.length; start += 1_000) {
    idsOf(
      await engine.sendMessages(
        dlq,
        bodies.slice(start, start + 1_000).map((body) => ({ body })),
      ),
    )
  }
  await rememberSource({ sql }, dlq, source)
}

/** Dead letters as they come about: sent to the source, received once in vain, and moved by the receives after that. */
export async function makeDeadLetters(
  engine: Engine,
  dlq: QueueKey,
  source: QueueKey,
  bodies: readonly string[],
): Promise<void> {
  const before = (await engine.countMessages(dlq)).visible
  const all = { maxMessages: 1_000, visibilityTimeoutSeconds: 0, waitSeconds: 0 }
  for (let start = 0; start < bodies.length; start += 1_000) {
    idsOf(
      await engine.sendMessages(
        source,
        bodies.slice(start, start + 1_000).map((body) => ({ body })),
      ),
    )
    while ((await engine.countMessages(dlq)).visible < before + Math.min(bodies.length, start + 1_000)) {
      await engine.receiveMessages(source, all)
    }
  }
}

/** Whatever was sent to the dead-letter queue and is not known to come from elsewhere comes from the source. */
export async function rememberSource({ sql }: Pick<Bundle, 'sql'>, dlq: QueueKey, source: QueueKey): Promise<void> {
  await sql.query(
    `INSERT INTO stanchion.dead_letter (bucket, lane_id, seq, origin_lane, origin_seq, source_queue, receive_count)
     SELECT m.bucket, m.lane_id, m.seq, m.lane_id, m.seq, $3, 1
     FROM stanchion.queue q JOIN stanchion.lane l ON l.bucket = q.bucket AND l.queue_id = q.queue_id AND l.kind = 1
     JOIN stanchion.message_log m ON m.bucket = l.bucket AND m.lane_id = l.lane_id
     WHERE q.account_id = $1 AND q.name = $2 ON CONFLICT DO NOTHING`,
    [dlq.accountId, dlq.name, source.name],
  )
}

export function numbered(count: number, prefix = 'm'): string[] {
  return Array.from({ length: count }, (_, i) => `${prefix}${i}`)
}

/** The task, once it has ended. */
export async function ended(engine: Engine, key: QueueKey, { id }: MoveTask): Promise<MoveTask> {
  let task = await engine.getMoveTask(key, id)
  await until(async () => {
    task = await engine.getMoveTask(key, id)
    return task.status !== 'running'
  })
  return task
}

/** Makes the duty of a node look for tasks now: another node's are found at its next round otherwise. */
export async function wakeMover(engine: Engine): Promise<void> {
  const { dlq } = await newDeadLetterQueues(engine)
  await engine.startMoveTask(dlq, {})
}

/** Stops the clock of the product at a moment, so many milliseconds after the first time that this is asked. */
export function clockOf({ sql }: Pick<Bundle, 'sql'>): (ms: number) => Promise<void> {
  let startMs: number | undefined
  return async (ms) => {
    startMs ??= Number((await sql.query('SELECT extract(epoch FROM clock_timestamp()) * 1000 AS now')).rows[0].now)
    await sql.query(
      `CREATE OR REPLACE FUNCTION stanchion.clock() RETURNS timestamptz LANGUAGE sql VOLATILE
       AS 'SELECT to_timestamp(${(startMs + ms) / 1000})'`,
    )
  }
}

const STEP = `SELECT status, moved FROM stanchion.move_step_v1($1, $2, 4194304, stanchion.clock(), stanchion.clock() + interval '10 s')`

/** One step of a task by hand; `undefined` when there was nothing to do for now. */
export async function stepByHand(
  { sql }: Pick<Bundle, 'sql'>,
  taskId: string,
  count = 200,
): Promise<{ status: string; moved: number } | undefined> {
  return (await sql.query(STEP, [taskId, count])).rows[0]
}
