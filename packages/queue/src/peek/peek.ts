import { sql } from 'kysely'
import type { EngineContext } from '../engine-context.ts'
import { QueueError } from '../errors.ts'
import { LIMITS } from '../limits.ts'
import { parseMessageId } from '../messages/message-id.ts'
import type { LiveQueue } from '../queues/live-queue.ts'
import type { PeekedMessage, PeekRequest, QueueKey } from '../types.ts'
import { findPlace, type Moment } from './find-place.ts'
import { decodeCursor, encodeCursor, type PeekCursor } from './peek-cursor.ts'
import { FIFO_SECTIONS, type Place, STANDARD_SECTIONS } from './peek-sections.ts'
import { readDetails } from './read-details.ts'

/** Characters of a body that a list shows. */
const BODY_LENGTH_MAX = 4_096
/** Looks at sections in one call: whoever asks goes on from the cursor, and no call reads for long. */
const LOOKS_MAX = 20

/**
 * Looks at messages in one state without touching them: it reads what no statement waits for, so counts, order and leases stay as they
 * are. Messages that change their state between two pages can be missed or seen twice.
 * @returns a page, which can be short or empty although `next` says that there is more
 * @throws QueueError `queueNotFound`, `invalidArgument`, `unavailable`
 */
export async function peekMessages(
  context: EngineContext,
  key: QueueKey,
  { state, limit, cursor }: PeekRequest,
): Promise<{ messages: PeekedMessage[]; next: string | undefined }> {
  if (!Number.isInteger(limit) || limit < 1 || limit > LIMITS.peekMessagesMax) {
    throw new QueueError('invalidArgument', `limit is a whole number from 1 to ${LIMITS.peekMessagesMax}.`, {
      field: 'limit',
    })
  }
  const from = cursor === undefined ? undefined : decodeCursor(cursor)
  const live = await context.catalogue.reload(key)
  const sections = live.queue.fifo === undefined ? STANDARD_SECTIONS : FIFO_SECTIONS
  // A purge gives a queue new lanes: a cursor of before it is at the end.
  let at: PeekCursor | undefined = from ?? { lane: live.lanes[0] as number, section: 0, key: [] }
  if (!live.lanes.includes(at.lane) || sections[at.section] === undefined) at = undefined
  return context.database.withCatalogue(async (catalogue) => {
    const moment = await readMoment(context, live)
    const places: Place[] = []
    for (let looks = 0; at !== undefined && places.length < limit && looks < LOOKS_MAX; looks++) {
      const look = { live, lane: at.lane, state, ...moment, key: at.key, limit: limit - places.length }
      const found = await (sections[at.section] as (typeof sections)[number])(catalogue, look)
      places.push(...found.places)
      at = found.next === undefined ? following(live, sections.length, at) : { ...at, key: found.next }
    }
    const messages = await readDetails(catalogue, live, places, BODY_LENGTH_MAX)
    return { messages, next: at === undefined ? undefined : encodeCursor(at) }
  })
}

/**
 * Looks at one message, whole, without touching it.
 * @throws QueueError `queueNotFound`, `messageNotFound`, `unavailable`
 */
export async function peekMessage(context: EngineContext, key: QueueKey, messageId: string): Promise<PeekedMessage> {
  const live = await context.catalogue.reload(key)
  const sent = parseMessageId(messageId)
  const message = await context.database.withCatalogue(async (catalogue) => {
    if (sent === undefined) return undefined
    const seq = String((BigInt(sent.sentAtMs) << 20n) + BigInt(sent.counter))
    const place = await findPlace(catalogue, live, { lane: sent.lane, seq }, await readMoment(context, live))
    return place === undefined ? undefined : (await readDetails(catalogue, live, [place], null))[0]
  })
  if (message === undefined) throw new QueueError('messageNotFound', 'The queue has no message with this id.')
  return message
}

/** The next section of the lane, or the first one of the next lane. */
function following(live: LiveQueue, sections: number, { lane, section }: PeekCursor): PeekCursor | undefined {
  if (section + 1 < sections) return { lane, section: section + 1, key: [] }
  const next = live.lanes[live.lanes.indexOf(lane) + 1]
  return next === undefined ? undefined : { lane: next, section: 0, key: [] }
}

async function readMoment({ database }: EngineContext, live: LiveQueue): Promise<Moment> {
  const trustedNow = new Date(database.clock.trustedNowMs()).toISOString()
  const { rows } = await sql<{ now: string; min_seq: string }>`
    SELECT t::text AS now,
      stanchion.seq_at(stanchion.retention_clock(t, ${trustedNow}) - ${live.queue.settings.retentionSeconds} * interval '1 second') AS min_seq
    FROM stanchion.clock() t`.execute(database.catalogue)
  const [row] = rows as [{ now: string; min_seq: string }]
  return { now: row.now, minSeq: row.min_seq }
}
