import type { Mutant } from '../mutant.ts'

export const inFlightUncounted: Mutant = {
  name: 'in-flight-uncounted',
  about: 'Messages that came back and are in flight again are not counted.',
  promises: ['G26'],
  checkers: ['counters'],
  patches: [
    {
      function: 'count_v1',
      find: 'coalesce(leased.running, 0) + coalesce(returned.hidden, 0)',
      replace: 'coalesce(leased.running, 0)',
    },
  ],
}
