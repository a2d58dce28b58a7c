import { type Kysely, sql } from 'kysely'
import type { Tables } from '../database/tables.ts'
import { sequenceNumber } from '../fifo/fifo-send.ts'
import { messageId } from '../messages/message-id.ts'
import { decodeAttributes } from '../messages/stored-attributes.ts'
import type { LiveQueue } from '../queues/live-queue.ts'
import type { PeekedMessage } from '../types.ts'
import type { Place } from './peek-sections.ts'

interface Row {
  place: number
  body: string
  body_bytes: number
  attributes: string | null
  group_id: string | null
  deduplication_id: string | null
  origin_lane: string | null
  origin_seq: string | null
  source_queue: string | null
  dead_receive_count: number | null
  dead_first_received_at: Date | null
}

/**
 * Reads the messages at these places; one that is gone by now is left out.
 * @param bodyLengthMax characters of a body; `null` for all of it
 */
export async function readDetails(
  catalogue: Kysely<Tables>,
  live: LiveQueue,
  places: readonly Place[],
  bodyLengthMax: number | null,
): Promise<PeekedMessage[]> {
  if (places.length === 0) return []
  const { rows } = await sql<Row>`
    SELECT k.place::integer AS place, left(x.body, ${bodyLengthMax ?? 2_147_483_647}) AS body, octet_length(x.body) AS body_bytes,
      x.attributes, m.group_id, m.deduplication_id, d.origin_lane, d.origin_seq, d.source_queue,
      d.receive_count AS dead_receive_count, d.first_received_at AS dead_first_received_at
    FROM unnest(${places.map(({ lane }) => lane)}::bigint[], ${places.map(({ seq }) => seq)}::bigint[]) WITH ORDINALITY k(lane_id, seq, place)
    LEFT JOIN LATERAL (SELECT m.* FROM stanchion.message_log m
                       WHERE m.bucket = ${live.bucket} AND m.lane_id = k.lane_id AND m.seq = k.seq LIMIT 1) m ON true
    LEFT JOIN LATERAL (SELECT b.* FROM stanchion.parked_body b
                       WHERE b.bucket = ${live.bucket} AND b.lane_id = k.lane_id AND b.seq = k.seq LIMIT 1) b ON true
    CROSS JOIN LATERAL (SELECT coalesce(b.body, m.body) AS body, CASE WHEN b.body IS NULL THEN m.attributes ELSE b.attributes END AS attributes) x
    LEFT JOIN LATERAL (SELECT d.* FROM stanchion.dead_letter d
                       WHERE d.bucket = ${live.bucket} AND d.lane_id = k.lane_id AND d.seq = k.seq LIMIT 1) d ON true
    WHERE x.body IS NOT NULL ORDER BY k.place`.execute(catalogue)
  return rows.map((row) => toPeeked(live, places[row.place - 1] as Place, row, bodyLengthMax))
}

function toPeeked(live: LiveQueue, place: Place, row: Row, bodyLengthMax: number | null): PeekedMessage {
  const { attributes, traceHeader, groupId } = decodeAttributes(row.attributes)
  const sentLane = row.origin_lane === null ? place.lane : Number(row.origin_lane)
  const sentSeq = BigInt(row.origin_seq ?? place.seq)
  const sentAtMs = Number(sentSeq >> 20n)
  const id = messageId(sentAtMs, Number(sentSeq & 0xfffffn), sentLane)
  return {
    messageId: id,
    state: place.state,
    body: row.body,
    bodyBytes: row.body_bytes,
    isBodyCut: bodyLengthMax !== null && Buffer.byteLength(row.body) < row.body_bytes,
    attributes,
    traceHeader,
    groupId: live.queue.fifo === undefined ? groupId : (row.group_id ?? undefined),
    fifo:
      live.queue.fifo === undefined
        ? undefined
        : {
            // As a receive shows it: a dead letter goes by its message id.
            deduplicationId: row.origin_seq === null ? (row.deduplication_id as string) : id,
            sequenceNumber: sequenceNumber(BigInt(place.seq)),
          },
    // A dead letter of a FIFO queue takes over what is remembered when it is first received where it is now.
    receiveCount: place.receiveCount === 0 ? (row.dead_receive_count ?? 0) : place.receiveCount,
    sentAtMs,
    firstReceivedAt: place.firstReceivedAt ?? row.dead_first_received_at ?? undefined,
    visibleAt: place.visibleAt ?? undefined,
    deadLetterSource: row.source_queue ?? undefined,
  }
}
