import type { Mutant } from '../mutant.ts'

export const delaysIgnored: Mutant = {
  name: 'delays-ignored',
  about: 'Delayed messages are visible at once.',
  promises: ['G7'],
  checkers: ['delays'],
  patches: [
    {
      function: 'send_v1',
      find: "t + e.delay * interval '1 second', 0",
      replace: 't, 0',
    },
    {
      function: 'many_lanes_tick_v1',
      find: "t + e.delay * interval '1 second', 0",
      replace: 't, 0',
    },
  ],
}
