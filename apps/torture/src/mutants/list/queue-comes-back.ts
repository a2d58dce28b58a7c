import type { Mutant } from '../mutant.ts'

export const queueComesBack: Mutant = {
  name: 'queue-comes-back',
  about: 'A queue that is deleted is only renamed, and found again by the next creation.',
  promises: ['G21'],
  checkers: ['purge and create again'],
  patches: [
    {
      file: 'packages/queue/src/queues/end-queue.ts',
      find: '  // Before the lanes: the step of a task holds its row while it waits for them.\n',
      replace: `  await sql\`UPDATE stanchion.queue SET name = name || '-gone' WHERE queue_id = \${row.queue_id}\`.execute(transaction)
  return row.queue_id
`,
    },
    {
      file: 'packages/queue/src/queues/queue-catalogue.ts',
      find: "        const queueId = await nextValue(transaction, 'queue_id')\n",
      replace: `        const found = await sql\`UPDATE stanchion.queue SET name = \${input.name}
          WHERE account_id = \${input.accountId} AND name = \${input.name + '-gone'} RETURNING 1\`.execute(transaction)
        if (found.rows.length > 0) return true
        const queueId = await nextValue(transaction, 'queue_id')
`,
    },
  ],
}
