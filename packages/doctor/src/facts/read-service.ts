import type { FactClient } from './fact-client.ts'
import type { Known } from './facts.ts'

/** A move task that runs. */
export interface RunningMoveTask {
  readonly taskId: string
  readonly accountId: string
  readonly source: string
  readonly messagesMoved: number
  readonly messagesToMove: number
  /** How long ago its next step was due; negative: it is not due yet. */
  readonly overdueSeconds: number
}

/** What the tables of Stanchion say about the service as a whole. */
export interface ServiceFacts {
  /** How far the clock of the database was ahead of this process when it answered. */
  readonly clockAheadSeconds: number
  /** Duties that one node does for all, and how long ago each was done last. */
  readonly duties: readonly { readonly name: string; readonly seconds: number }[]
  readonly segments: number
  /** How long ago the oldest segment was closed; negative: it is the one that is written. */
  readonly oldestSegmentSeconds: number
  /** How far the log reaches into the future; `null`: there is no log. */
  readonly logAheadSeconds: number | null
  readonly moveTasks: readonly RunningMoveTask[]
}

const STATEMENT = `SELECT extract(epoch FROM stanchion.clock())::double precision AS now,
    (SELECT coalesce(jsonb_agg(jsonb_build_object('name', d.name, 'seconds', extract(epoch FROM stanchion.clock() - d.finished_at))), '[]')
     FROM stanchion.duty d WHERE d.finished_at IS NOT NULL) AS duties,
    g.segments, g."oldestSegmentSeconds", g."logAheadSeconds",
    (SELECT coalesce(jsonb_agg(jsonb_build_object('taskId', t.task_id, 'accountId', t.account_id, 'source', q.name,
         'messagesMoved', t.messages_moved, 'messagesToMove', t.messages_to_move,
         'overdueSeconds', extract(epoch FROM stanchion.clock() - t.next_at))), '[]')
     FROM stanchion.move_task t JOIN stanchion.queue q ON q.queue_id = t.source_queue_id WHERE t.status = 'running') AS "moveTasks"
  FROM (SELECT count(*)::integer AS segments,
          extract(epoch FROM stanchion.clock())::double precision - (min(s.upper_seq) >> 20)::double precision / 1000 AS "oldestSegmentSeconds",
          (max(s.upper_seq) >> 20)::double precision / 1000 - extract(epoch FROM stanchion.clock())::double precision AS "logAheadSeconds"
        FROM stanchion.log_segment s) g`

export async function readService(client: FactClient): Promise<Known<ServiceFacts>> {
  const askedAtMs = Date.now()
  return client.ask(STATEMENT, ([row]) => {
    const { now, oldestSegmentSeconds, ...facts } = row as unknown as ServiceFacts & { now: number }
    // In the middle of the way there and back; what is within the way is no difference.
    const answeredAtMs = Date.now()
    const halfMs = (answeredAtMs - askedAtMs) / 2
    const aheadMs = now * 1000 - (askedAtMs + halfMs)
    const clockAheadSeconds = Math.abs(aheadMs) <= halfMs ? 0 : aheadMs / 1000
    return { ...facts, oldestSegmentSeconds: oldestSegmentSeconds ?? 0, clockAheadSeconds }
  })
}
