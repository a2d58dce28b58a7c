import type { Mutant } from '../mutant.ts'

export const errorForOldHandles: Mutant = {
  name: 'error-for-old-handles',
  about: 'A deletion with a superseded handle of a standard queue is an error of the server.',
  promises: ['G9'],
  checkers: ['answers', 'handles'],
  patches: [
    {
      function: 'delete_v2',
      find: `    IF FOUND THEN
      removed_lanes := removed_lanes || abs(lane);`,
      replace: `    IF NOT FOUND THEN RAISE EXCEPTION 'no such delivery'; END IF;
    IF FOUND THEN
      removed_lanes := removed_lanes || abs(lane);`,
    },
  ],
}
