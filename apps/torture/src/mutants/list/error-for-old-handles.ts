import type { Mutant } from '../mutant.ts'

export const errorForOldHandles: Mutant = {
  name: 'error-for-old-handles',
  about: 'A deletion with a superseded handle of a standard queue is an error of the server.',
  promises: ['G9'],
  checkers: ['answers', 'handles'],
  patches: [
    {
      function: 'remove_messages_v1',
      find: `    IF FOUND THEN
      place := array_position(p_queue_lanes, abs(lane));`,
      replace: `    IF NOT FOUND THEN RAISE EXCEPTION 'no such delivery'; END IF;
    IF FOUND THEN
      place := array_position(p_queue_lanes, abs(lane));`,
    },
  ],
}
