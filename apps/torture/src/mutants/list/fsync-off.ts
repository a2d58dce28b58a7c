import { cutPower } from '../../faults/disk.ts'
import type { Mutant } from '../mutant.ts'

/** Nothing but a power cut shows it: what a killed Postgres has written, the operating system still has. */
export const fsyncOff: Mutant = {
  name: 'fsync-off',
  about: 'Postgres writes its log and does not wait until the disk has it.',
  promises: ['G1', 'G23'],
  checkers: ['lost messages', 'lost queues', 'delete finality', 'deduplication', 'invented messages'],
  patches: [{ settings: { fsync: 'off' } }],
  faults: [cutPower],
}
