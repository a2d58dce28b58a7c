import type { Mutant } from '../mutant.ts'

export const purgeByTime: Mutant = {
  name: 'purge-by-time',
  about: 'A purge removes what had been sent two seconds before it, by the clock, and keeps the lanes.',
  promises: ['G20'],
  checkers: ['purge and create again'],
  patches: [
    {
      file: 'packages/queue/src/queues/end-queue.ts',
      find: '  await refuseEarlyPurge(transaction, row, everySeconds)\n',
      replace: `  for (const table of ['message_log', 'parked_message']) {
    await sql\`DELETE FROM stanchion.\${sql.raw(table)} m USING stanchion.lane l
      WHERE l.bucket = \${row.bucket} AND l.queue_id = \${row.queue_id} AND m.bucket = l.bucket AND m.lane_id = l.lane_id
        AND m.seq < stanchion.seq_at(stanchion.clock() - interval '2 seconds')\`.execute(transaction)
  }
  return
`,
    },
  ],
}
