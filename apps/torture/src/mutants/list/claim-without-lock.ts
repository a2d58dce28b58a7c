import type { Mutant } from '../mutant.ts'

export const claimWithoutLock: Mutant = {
  name: 'claim-without-lock',
  about: 'Claims of a standard queue do not lock its lane, so two servers hand out the same messages.',
  promises: ['G6'],
  checkers: ['lease exclusivity', 'answers', 'receive counts'],
  patches: [
    {
      function: 'claim_v2',
      find: 'l.lane_id = lane AND l.kind = 2 FOR UPDATE;',
      replace: 'l.lane_id = lane AND l.kind = 2;',
    },
    {
      function: 'claim_v2',
      find: 'l.lane_id = lane AND l.kind = 2 FOR UPDATE SKIP LOCKED;',
      replace: 'l.lane_id = lane AND l.kind = 2;',
    },
    {
      function: 'one_lane_tick_v2',
      find: 'l.lane_id = p_lane AND l.kind = 2 AND p_claim_version IS NOT NULL FOR UPDATE)',
      replace: 'l.lane_id = p_lane AND l.kind = 2 AND p_claim_version IS NOT NULL)',
    },
    {
      function: 'one_lane_tick_v2',
      find: 'l.lane_id = p_lane AND l.kind = 2 AND p_claim_version IS NOT NULL FOR UPDATE SKIP LOCKED)',
      replace: 'l.lane_id = p_lane AND l.kind = 2 AND p_claim_version IS NOT NULL)',
    },
    {
      function: 'claim_v3',
      find: 'x.lane_id = u.lane_id AND x.kind = 2 FOR UPDATE) l',
      replace: 'x.lane_id = u.lane_id AND x.kind = 2) l',
    },
    {
      function: 'claim_v3',
      find: 'x.lane_id = u.lane_id AND x.kind = 2 FOR UPDATE SKIP LOCKED) l',
      replace: 'x.lane_id = u.lane_id AND x.kind = 2) l',
    },
    {
      function: 'many_lanes_tick_v1',
      find: 'l.lane_id = u.lane_id AND l.kind = 2 FOR UPDATE)',
      replace: 'l.lane_id = u.lane_id AND l.kind = 2)',
    },
    {
      function: 'many_lanes_tick_v1',
      find: 'l.lane_id = u.lane_id AND l.kind = 2 FOR UPDATE SKIP LOCKED)',
      replace: 'l.lane_id = u.lane_id AND l.kind = 2)',
    },
  ],
}
