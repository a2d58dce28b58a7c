import type { Statement } from '../database/database.ts'

/** The hot statements. Each is one call of a SQL function, whose text and contract stand in `migrations/`. */
export const SEND: Statement = {
  name: 'stanchion_send_v1',
  text: 'SELECT lane_id, first_seq, now_ms FROM stanchion.send_v1($1, $2::bigint[], $3::integer[], $4::integer[], $5::integer[], $6::text[], $7::text[], $8::integer[], $9)',
}

export const CLAIM: Statement = {
  name: 'stanchion_claim_v3',
  text: `SELECT lane_id, stale, message_lane, seq_ms, seq_number, lease_seq, lease_index, receive_count, first_received_ms, body,
    attributes, now_ms, due_in_ms, nothing_due, origin_lane, origin_seq, source_queue, moved, moved_on
    FROM stanchion.claim_v3($1, $2::bigint[], $3::integer[], $4::integer[], $5::integer[], $6::integer[], $7::timestamptz[], $8, $9, $10, $11,
      $12::integer[], $13::bigint[], $14::integer[], $15::text[])`,
}

export const DELETE: Statement = {
  name: 'stanchion_delete_v3',
  text: 'SELECT lane_id, removed, now_ms FROM stanchion.delete_v3($1, $2::bigint[], $3::bigint[], $4::bigint[], $5::bit varying[], $6::integer[], $7::integer[], $8::bigint[], $9::bigint[], $10::bigint[], $11::integer[], $12)',
}

export const CHANGE_VISIBILITY: Statement = {
  name: 'stanchion_change_visibility_v1',
  text: 'SELECT number, outcome, now_ms FROM stanchion.change_visibility_v1($1, $2::bigint[], $3::bigint[], $4::bigint[], $5::integer[], $6::bigint[], $7::integer[], $8::integer[], $9::integer[], $10, $11, $12)',
}

export const FAIR_SEND: Statement = {
  name: 'stanchion_fair_send_v2',
  text: `SELECT lane_id, first_seq, streams, missing_level, now_ms
    FROM stanchion.fair_send_v2($1, $2::bigint[], $3::integer[], $4::integer[], $5::bigint[], $6::text[], $7::integer[], $8::integer[],
      $9::integer[], $10::integer[], $11::integer[], $12::integer[], $13::text[], $14::text[], $15::text[], $16::integer[], $17::bigint[],
      $18)`,
}

export const FAIR_CLAIM: Statement = {
  name: 'stanchion_fair_claim_v3',
  text: `SELECT lane_id, stale, message_lane, seq_ms, seq_number, lease_seq, lease_index, receive_count, first_received_ms, body,
    attributes, now_ms, due_in_ms, nothing_due, origin_lane, origin_seq, source_queue, moved, moved_on
    FROM stanchion.fair_claim_v3($1, $2::bigint[], $3::integer[], $4::integer[], $5::integer[], $6::integer[], $7::integer[],
      $8::integer[], $9::integer[], $10::timestamptz[], $11, $12, $13, $14, $15::integer[], $16::bigint[], $17::integer[], $18::text[])`,
}

export const FIFO_SEND: Statement = {
  name: 'stanchion_fifo_send_v2',
  text: `SELECT lane_id, first_seq, known_places, known_seqs, now_ms
    FROM stanchion.fifo_send_v2($1, $2::bigint[], $3::integer[], $4::integer[], $5::text[], $6::text[], $7::text[], $8::text[], $9::bytea[], $10)`,
}

export const FIFO_CLAIM: Statement = {
  name: 'stanchion_fifo_claim_v5',
  text: `SELECT lane_id, stale, receive, seq_ms, seq_number, receive_count, first_received_ms, body, attributes, group_id,
    deduplication_id, now_ms, due_in_ms, has_more, origin_lane, origin_seq, source_queue, moved, moved_on
    FROM stanchion.fifo_claim_v5($1, $2::bigint[], $3::integer[], $4::integer[], $5::integer[], $6::integer[], $7::integer[], $8::integer[], $9::text[], $10, $11, $12, $13,
      $14::integer[], $15::bigint[], $16::integer[], $17::text[])`,
}

export const FIFO_DELETE: Statement = {
  name: 'stanchion_fifo_delete_v2',
  text: `SELECT lane_id, stale, places, outcomes, opens_in_ms, now_ms
    FROM stanchion.fifo_delete_v2($1, $2::bigint[], $3::integer[], $4::integer[], $5::bigint[], $6::integer[], $7, $8)`,
}

export const FIFO_SETTLE: Statement = {
  name: 'stanchion_fifo_settle_v1',
  text: 'SELECT entry, outcome, opens_in_ms, now_ms FROM stanchion.fifo_settle_v1($1, $2::bigint[], $3::integer[], $4::integer[], $5::bigint[], $6::integer[], $7::integer[], $8, $9, $10)',
}

export const FIFO_COUNT: Statement = {
  name: 'stanchion_fifo_count_v2',
  text: 'SELECT lane_id, visible, in_flight, delayed, oldest_ms, now_ms FROM stanchion.fifo_count_v2($1, $2::bigint[], $3::integer[], $4::integer[], $5)',
}

export const READY_FIFO_LANES: Statement = {
  name: 'stanchion_ready_fifo_lanes_v2',
  text: 'SELECT * FROM stanchion.ready_fifo_lanes_v2($1, $2::bigint[])',
}

export const COUNT: Statement = {
  name: 'stanchion_count_v1',
  text: 'SELECT lane_id, visible, in_flight, delayed, oldest_ms, now_ms FROM stanchion.count_v1($1, $2::bigint[], $3::integer[], $4)',
}

/** Counts and keeps what it finds; answers nothing. */
export const MEASURE: Statement = {
  name: 'stanchion_measure_queues_v1',
  text: 'SELECT stanchion.measure_queues_v1($1, $2, $3::integer[], $4)',
}

export const READY_LANES: Statement = {
  name: 'stanchion_ready_lanes_v2',
  text: 'SELECT * FROM stanchion.ready_lanes_v2($1, $2::bigint[], $3::integer[])',
}
