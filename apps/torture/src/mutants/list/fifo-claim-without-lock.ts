import type { Mutant } from '../mutant.ts'

export const fifoClaimWithoutLock: Mutant = {
  name: 'fifo-claim-without-lock',
  about: 'Claims of a FIFO queue do not lock it, so two servers hand out messages of the same group.',
  promises: ['G6', 'G12'],
  checkers: ['FIFO order', 'lease exclusivity', 'receive counts'],
  patches: [
    {
      function: 'fifo_claim_v5',
      find: 'l.lane_id = lane AND l.kind = 2 FOR UPDATE;',
      replace: 'l.lane_id = lane AND l.kind = 2;',
    },
  ],
}
