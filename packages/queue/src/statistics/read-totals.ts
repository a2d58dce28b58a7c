import { setImmediate as nextTurn } from 'node:timers/promises'
import { sql } from 'kysely'
import type { Database } from '../database/database.ts'
import type { QueueStatistics, QueueTotals } from '../types.ts'

/** The kept numbers of a queue; what was done is counted over all nodes since the queue was created. */
export interface KeptStatistics extends Omit<QueueStatistics, 'rates' | 'recentVisible'> {
  readonly queueId: number
}

/** Rows that are worked on before the event loop has its turn. */
const ROWS_A_TURN = 500

interface Row extends Record<keyof typeof TOTALS, string> {
  queue_id: number
  account_id: string
  name: string
  is_fifo: boolean
  retention_seconds: number
  dead_letter_queue: string | null
  tags: Record<string, string>
  sources: string[]
  visible: string
  in_flight: string
  delayed: string
  age: number | null
  measured_at: Date | null
}

const TOTALS = {
  sent: 'sent',
  received: 'received',
  deleted: 'deleted',
  expired: 'expired',
  dead_lettered: 'deadLettered',
  moved: 'moved',
  empty_receives: 'emptyReceives',
  redelivered: 'redelivered',
  released: 'released',
  leases_expired: 'leasesExpired',
  duplicates_refused: 'duplicatesRefused',
} as const satisfies Record<string, keyof QueueTotals>

const COLUMNS = sql.raw(
  Object.keys(TOTALS)
    .map((column) => `coalesce(s.${column}, 0) AS ${column}`)
    .join(', '),
)

/** Which queues to read; all of them when nothing is said. */
export interface StatisticsFilter {
  readonly accountId?: string
  readonly name?: string
  readonly namePrefix?: string
  /** Only names greater than this one. */
  readonly after?: string
  readonly limit?: number
}

/** The kept numbers of queues, by account and name: two small tables, however many messages there are. */
export async function readTotals(database: Database, filter: StatisticsFilter = {}): Promise<KeptStatistics[]> {
  const { accountId = null, name = null, namePrefix = null, after = null, limit = null } = filter
  const { rows } = await database.withCatalogue((catalogue) =>
    sql<Row>`SELECT q.queue_id, q.account_id, q.name, q.is_fifo, q.retention_seconds, q.dead_letter_queue, q.tags,
        coalesce(s.visible, 0) AS visible, coalesce(s.in_flight, 0) AS in_flight, coalesce(s.delayed, 0) AS delayed,
        extract(epoch FROM stanchion.clock() - s.oldest_sent_at)::double precision AS age, s.measured_at, ${COLUMNS},
        ARRAY(SELECT d.name FROM stanchion.queue d
              WHERE d.account_id = q.account_id AND d.dead_letter_queue = q.name ORDER BY d.name) AS sources
      FROM stanchion.queue q
      LEFT JOIN stanchion.queue_statistics s ON s.bucket = q.bucket AND s.queue_id = q.queue_id
      WHERE (${accountId}::text IS NULL OR q.account_id = ${accountId}) AND (${name}::text IS NULL OR q.name = ${name})
        AND (${namePrefix}::text IS NULL OR starts_with(q.name, ${namePrefix})) AND (${after}::text IS NULL OR q.name > ${after})
      ORDER BY q.account_id, q.name LIMIT ${limit}::integer`.execute(catalogue),
  )
  const all: KeptStatistics[] = []
  for (const row of rows) {
    all.push(toKept(row))
    if (all.length % ROWS_A_TURN === 0) await nextTurn()
  }
  return all
}

function toKept(row: Row): KeptStatistics {
  return {
    queueId: row.queue_id,
    queue: { accountId: row.account_id, name: row.name },
    kind: row.is_fifo ? 'fifo' : 'standard',
    retentionSeconds: row.retention_seconds,
    deadLetterQueue: row.dead_letter_queue ?? undefined,
    deadLetterSources: row.sources,
    tags: row.tags,
    counts: {
      visible: Number(row.visible),
      inFlight: Number(row.in_flight),
      delayed: Number(row.delayed),
      oldestMessageAgeSeconds: row.age === null ? null : Math.max(0, row.age),
    },
    measuredAt: row.measured_at ?? undefined,
    totals: Object.fromEntries(
      Object.entries(TOTALS).map(([column, name]) => [name, Number(row[column as keyof typeof TOTALS])]),
    ) as unknown as QueueTotals,
  }
}
