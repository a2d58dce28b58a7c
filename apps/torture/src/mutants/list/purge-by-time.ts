import type { Mutant } from '../mutant.ts'

export const purgeByTime: Mutant = {
  name: 'purge-by-time',
  about: 'A purge removes what had been sent two seconds before it, by the clock, and keeps the lanes.',
  promises: ['G20'],
  checkers: ['purge and create again'],
  patches: [
    {
      file: 'packages/queue/src/queues/queue-catalogue.ts',
      find: `        await retireLanes(transaction, row)
        await transaction
          .updateTable('stanchion.queue')
          .set({ version: row.version + 1, purged_at: sql<Date>\`stanchion.clock()\` })
          .where('queue_id', '=', row.queue_id)
          .execute()
        const lanes = row.is_fifo ? 1 : this.#lanesPerQueue
        await addLanes(transaction, row.queue_id, row.bucket, row.version + 1, lanes)`,
      replace: `        for (const table of ['message_log', 'parked_message']) {
          await sql\`DELETE FROM stanchion.\${sql.raw(table)} m USING stanchion.lane l
            WHERE l.bucket = \${row.bucket} AND l.queue_id = \${row.queue_id} AND m.bucket = l.bucket AND m.lane_id = l.lane_id
              AND m.seq < stanchion.seq_at(stanchion.clock() - interval '2 seconds')\`.execute(transaction)
        }`,
    },
  ],
}
