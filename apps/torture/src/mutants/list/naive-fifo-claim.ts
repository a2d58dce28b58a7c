import type { Mutant } from '../mutant.ts'

export const naiveFifoClaim: Mutant = {
  name: 'naive-fifo-claim',
  about: 'A FIFO claim takes the next messages of a group while others of it are in flight.',
  promises: ['G12'],
  checkers: ['FIFO order'],
  patches: [
    {
      function: 'fifo_take_v4',
      find: "f.lane_id = p_lane AND f.ready_at <= p_now AND f.ready_at < 'infinity'",
      replace: "f.lane_id = p_lane AND (f.ready_at <= p_now AND f.ready_at < 'infinity' OR f.pending > 0)",
    },
    {
      function: 'fifo_take_v4',
      find: 'CASE WHEN shown = cardinality(g.seqs) THEN',
      replace: 'CASE WHEN shown = 0 OR shown = cardinality(g.seqs) THEN',
    },
    {
      function: 'fifo_take_v4',
      find: 'excluded.visible_at || f.visible_at[cardinality(excluded.visible_at) + 1 :]',
      replace:
        'CASE WHEN -excluded.pending = cardinality(excluded.visible_at) THEN f.visible_at || excluded.visible_at ELSE excluded.visible_at || f.visible_at[cardinality(excluded.visible_at) + 1 :] END',
    },
    {
      function: 'fifo_take_v4',
      find: 'excluded.receive_counts || f.receive_counts[cardinality(excluded.visible_at) + 1 :]',
      replace:
        'CASE WHEN -excluded.pending = cardinality(excluded.visible_at) THEN f.receive_counts || excluded.receive_counts ELSE excluded.receive_counts || f.receive_counts[cardinality(excluded.visible_at) + 1 :] END',
    },
    {
      function: 'fifo_take_v4',
      find: 'excluded.received_at || f.received_at[cardinality(excluded.visible_at) + 1 :]',
      replace:
        'CASE WHEN -excluded.pending = cardinality(excluded.visible_at) THEN f.received_at || excluded.received_at ELSE excluded.received_at || f.received_at[cardinality(excluded.visible_at) + 1 :] END',
    },
  ],
}
