import type { Mutant } from '../mutant.ts'

export const oneDeliveryTooMany: Mutant = {
  name: 'one-delivery-too-many',
  about: 'A message is moved to the dead-letter queue one delivery late.',
  promises: ['G18'],
  checkers: ['dead letters'],
  patches: [
    {
      function: 'claim_living_parked_v1',
      find: 'p.receive_count >= p_receive_count_max AS is_dead',
      replace: 'p.receive_count > p_receive_count_max AS is_dead',
    },
  ],
}
