import { crashPostgres } from '../../faults/postgres.ts'
import type { Mutant } from '../mutant.ts'

export const deletesWithoutDatabase: Mutant = {
  name: 'deletes-without-database',
  about: 'A deletion that finds no database is acknowledged.',
  promises: ['G5', 'G23'],
  checkers: ['outages', 'delete finality'],
  patches: [
    {
      file: 'packages/queue/src/messages/delete-messages.ts',
      find: `    const outcome = await context.pipes.delete.submit({
      bucket: live.bucket,
      queueLanes: live.lanes,
      deliveries: resolved.deliveries.filter((delivery) => delivery !== undefined),
    })`,
      replace: `    const outcome = await context.pipes.delete
      .submit({
        bucket: live.bucket,
        queueLanes: live.lanes,
        deliveries: resolved.deliveries.filter((delivery) => delivery !== undefined),
      })
      .catch(() => ({ removed: new Map<number, number>() }))`,
    },
  ],
  faults: [crashPostgres],
}
