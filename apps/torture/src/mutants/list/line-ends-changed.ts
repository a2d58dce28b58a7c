import type { Mutant } from '../mutant.ts'

export const lineEndsChanged: Mutant = {
  name: 'line-ends-changed',
  about: 'Line ends in bodies are not kept.',
  promises: ['G2'],
  checkers: ['integrity'],
  patches: [
    {
      function: 'send_v1',
      find: 'ords[e.lane] + e.number, e.attributes, e.body',
      replace: "ords[e.lane] + e.number, e.attributes, replace(e.body, E'\\r\\n', E'\\n')",
    },
    {
      function: 'one_lane_tick_v2',
      find: 'tail_ord + e.number, e.attributes, e.body',
      replace: "tail_ord + e.number, e.attributes, replace(e.body, E'\\r\\n', E'\\n')",
    },
    {
      function: 'many_lanes_tick_v1',
      find: 'ords[e.lane] + e.number, e.attributes, e.body',
      replace: "ords[e.lane] + e.number, e.attributes, replace(e.body, E'\\r\\n', E'\\n')",
    },
  ],
}
