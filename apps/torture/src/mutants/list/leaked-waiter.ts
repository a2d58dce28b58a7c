import type { Mutant } from '../mutant.ts'

export const leakedWaiter: Mutant = {
  name: 'leaked-waiter',
  about: 'A long poll whose client has left stays in the waiting room, and messages are claimed for it.',
  promises: ['G4', 'G25'],
  checkers: ['receive counts'],
  patches: [
    {
      file: 'packages/queue/src/waiting/wait-room.ts',
      find: 'if (visitor.answer !== undefined) this.#answer(visitor, [])',
      replace: 'visitor.answer',
    },
    {
      file: 'apps/server/src/http/receive-while-connected.ts',
      find: 'if (gone.aborted) release()',
      replace: '',
    },
  ],
}
