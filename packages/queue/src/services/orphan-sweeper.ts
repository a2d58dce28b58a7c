import { type Kysely, sql } from 'kysely'
import type { Tables } from '../database/tables.ts'

const ROWS_A_STEP = 1_000
/** A round looks at this many rows of each table and goes on from there in the next one: a full dead-letter queue has millions. */
const STEPS_A_ROUND = 10

interface Position {
  readonly bucket: number
  readonly lane_id: string
  readonly seq: string
}

const START: Position = { bucket: -1, lane_id: '0', seq: '0' }

/**
 * Removes what parked messages and dead letters left behind when they were deleted: their copied bodies, and where they came
 * from. Deleting them at once would cost every delete a look into two more tables. Nothing reads these rows without their
 * message, so this is tidying.
 */
export class OrphanSweeper {
  readonly #catalogue: Kysely<Tables>
  readonly #positions = new Map<string, Position>()

  constructor(catalogue: Kysely<Tables>) {
    this.#catalogue = catalogue
  }

  /** Looks at the next rows of both tables. The origin of a dead letter goes after its body. */
  async round(): Promise<void> {
    await this.#sweep('remove_orphaned_bodies_v1')
    await this.#sweep('remove_orphaned_dead_letters_v1')
  }

  async #sweep(name: 'remove_orphaned_bodies_v1' | 'remove_orphaned_dead_letters_v1'): Promise<void> {
    let position = this.#positions.get(name) ?? START
    for (let step = 0; step < STEPS_A_ROUND; step++) {
      const { rows }: { rows: Position[] } = await sql<Position>`
        SELECT bucket, lane_id, seq FROM ${sql.id('stanchion', name)}(
          ${position.bucket}, ${position.lane_id}, ${position.seq}, ${ROWS_A_STEP})`.execute(this.#catalogue)
      position = rows[0] ?? START
      if (position === START) break
    }
    this.#positions.set(name, position)
  }
}
