import type { Mutant } from '../mutant.ts'

export const receiveCountStands: Mutant = {
  name: 'receive-count-stands',
  about: 'The receive count does not rise with the third and later claims.',
  promises: ['G10'],
  checkers: ['receive counts'],
  patches: [
    {
      function: 'claim_parked_v1',
      find: 'receive_count = p.receive_count + 1',
      replace: 'receive_count = least(p.receive_count + 1, 2)',
    },
  ],
}
