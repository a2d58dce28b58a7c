import type { Statement } from '../database/database.ts'
import { classifyFailure } from '../database/sqlstate.ts'
import type { EngineContext } from '../engine-context.ts'
import { ensureSegments } from '../services/log-segments.ts'
import { type MoveStep, moveStep } from './move-step.ts'

/** Running tasks, those whose turn comes first at the front, and in how many milliseconds it comes. */
const RUNNING_TASKS: Statement = {
  name: 'stanchion_running_move_tasks',
  text: `SELECT m.task_id, extract(epoch FROM m.next_at - c.now)::double precision * 1000, extract(epoch FROM c.now)::double precision * 1000
    FROM (SELECT stanchion.clock() AS now) c CROSS JOIN stanchion.move_task m
    WHERE m.status = 'running' ORDER BY m.next_at, m.task_id LIMIT 100`,
}

/** Messages in one step: it holds the tails of its destinations, so many of them would keep senders waiting. */
const COUNT_MAX = 200
const COUNT_FIRST = 20
/** A step that moved more than this is followed by a smaller one. */
const STEP_BYTES_MAX = 4 * 1024 ** 2
/** A round is over after this long, however much is left: the next one follows at once. */
const ROUND_MS = 1_000
/** How long to leave alone a task whose step found nothing that it could take, or that another node is at. */
const BUSY_MS = 50
/** How long to leave alone a task whose step failed. */
const FAILED_MS = 5_000

/**
 * The duty that does the steps of move tasks, of all tasks in turn. Any number of nodes may do so at once: the lock of a task's row
 * is taken for one step, and everything a step has to know stands in the row.
 */
export class TaskMover {
  readonly #context: EngineContext
  readonly #retryAtMs = new Map<string, number>()
  #count = COUNT_FIRST

  constructor(context: EngineContext) {
    this.#context = context
  }

  /** @returns in how many milliseconds there is something to do again, or `undefined` when no task is running */
  async round(signal: AbortSignal): Promise<number | undefined> {
    const endsAtMs = performance.now() + ROUND_MS
    while (!signal.aborted) {
      const tasks = await this.#runningTasks()
      let restMs: number | undefined
      for (const { taskId, dueInMs } of tasks) {
        if (signal.aborted) return undefined
        const waitMs = dueInMs > 0 ? dueInMs : await this.#step(taskId)
        if (waitMs !== undefined) restMs = Math.min(restMs ?? waitMs, waitMs)
      }
      if (restMs !== 0) return restMs
      if (performance.now() > endsAtMs) return 0
    }
    return undefined
  }

  async #runningTasks(): Promise<{ taskId: string; dueInMs: number }[]> {
    const rows = await this.#context.database.run(RUNNING_TASKS, [])
    this.#context.database.observeTime(rows[0]?.[2])
    const ids = new Set(rows.map(([id]) => id as string))
    for (const id of this.#retryAtMs.keys()) if (!ids.has(id)) this.#retryAtMs.delete(id)
    const now = performance.now()
    return rows.map(([id, dueInMs]) => ({
      taskId: id as string,
      dueInMs: Math.max(dueInMs as number, (this.#retryAtMs.get(id as string) ?? 0) - now),
    }))
  }

  /** @returns in how many milliseconds the task can go on; `undefined` when it has ended */
  async #step(taskId: string): Promise<number | undefined> {
    try {
      const step = await moveStep(this.#context, taskId, this.#count)
      if (step === undefined) return this.#leaveAlone(taskId, BUSY_MS)
      if (step.isEnded) return undefined
      this.#adapt(step)
      return step.moved > 0 ? 0 : this.#leaveAlone(taskId, BUSY_MS)
    } catch (error) {
      const failure = classifyFailure(error)
      if (failure === 'noSegment') await ensureSegments(this.#context.database)
      // It waited for a lock in vain, or in a circle: nothing was done.
      else if (failure !== 'retry' && failure !== 'unavailable') {
        this.#context.logger.warn({ err: error, taskId }, 'a step of a move task failed; it will be tried again')
        return this.#leaveAlone(taskId, FAILED_MS)
      }
      return this.#leaveAlone(taskId, BUSY_MS)
    }
  }

  #leaveAlone(taskId: string, ms: number): number {
    this.#retryAtMs.set(taskId, performance.now() + ms)
    return ms
  }

  /** As many messages as weigh about so much: their bodies are in memory twice while they move. */
  #adapt({ moved, bytes }: MoveStep): void {
    if (bytes > STEP_BYTES_MAX) this.#count = Math.max(1, Math.floor(moved / 2))
    else if (moved === this.#count && bytes < STEP_BYTES_MAX / 2) this.#count = Math.min(COUNT_MAX, this.#count * 2)
  }
}
