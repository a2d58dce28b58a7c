import type { EngineContext } from '../engine-context.ts'
import type { LiveQueue } from '../queues/live-queue.ts'
import type { NewMessage } from '../types.ts'
import { messageBytes } from './message-bytes.ts'
import { messageId } from './message-id.ts'
import type { SendPart, StoredPart } from './send-messages.ts'
import type { LogEntry } from './send-statement.ts'
import { encodeAttributes } from './stored-attributes.ts'

/** The messages of a call that go to one stream, a lane or its delay stream. */
export class PlainPart implements SendPart {
  readonly places: number[] = []
  delaySeconds = Number.POSITIVE_INFINITY
  readonly #lane: number
  readonly #entries: LogEntry[] = []
  #bytes = 0

  /** @param lane negative for the delay stream of a lane */
  constructor(lane: number) {
    this.#lane = lane
  }

  add(message: NewMessage, delaySeconds: number, place: number): void {
    this.#entries.push({ body: message.body, attributes: encodeAttributes(message), delaySeconds })
    this.places.push(place)
    this.delaySeconds = Math.min(this.delaySeconds, delaySeconds)
    this.#bytes += messageBytes(message)
  }

  async submit({ pipes, rooms }: EngineContext, live: LiveQueue): Promise<StoredPart | undefined> {
    const { bucket, version } = live
    const storing = pipes.send.submit({
      bucket,
      lane: this.#lane,
      version,
      entries: this.#entries,
      bytes: this.#bytes,
    })
    if (this.delaySeconds <= 0) rooms.expect(live.queue.id)
    const outcome = await storing
    if (outcome === undefined) return undefined
    const ids = this.#entries.map((_, i) => {
      const seq = outcome.firstSeq + BigInt(i)
      return messageId(Number(seq >> 20n), Number(seq & 0xfffffn), this.#lane)
    })
    return { ids, tick: outcome.tick }
  }
}
