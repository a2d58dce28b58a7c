import type { EngineContext } from '../engine-context.ts'
import { messageBytes } from '../messages/message-bytes.ts'
import { messageId } from '../messages/message-id.ts'
import type { SendPart, StoredPart } from '../messages/send-messages.ts'
import { encodeAttributes } from '../messages/stored-attributes.ts'
import type { LiveQueue } from '../queues/live-queue.ts'
import type { NewMessage } from '../types.ts'
import type { FairEntry } from './fair-send-statement.ts'

/** The messages of a call whose groups belong to one family of lanes. */
export class GroupedPart implements SendPart {
  readonly places: number[] = []
  delaySeconds = Number.POSITIVE_INFINITY
  readonly #family: readonly number[]
  readonly #entries: FairEntry[] = []
  #bytes = 0

  constructor(family: readonly number[]) {
    this.#family = family
  }

  add(message: NewMessage & { readonly groupId: string }, delaySeconds: number, place: number): void {
    const { body, groupId } = message
    this.#entries.push({ body, attributes: encodeAttributes(message, groupId), delaySeconds, groupId })
    this.places.push(place)
    this.delaySeconds = Math.min(this.delaySeconds, delaySeconds)
    this.#bytes += messageBytes(message)
  }

  async submit(context: EngineContext, live: LiveQueue): Promise<StoredPart | undefined> {
    const outcome = await context.pipes.fairSend.submit({
      bucket: live.bucket,
      lanes: this.#family,
      version: live.version,
      entries: this.#entries,
      bytes: this.#bytes,
    })
    if (outcome === undefined) return undefined
    if ('places' in outcome) {
      return { ids: outcome.places.map(({ lane, seq }) => messageId(Number(seq >> 20n), Number(seq & 0xfffffn), lane)) }
    }
    // A first group stands this far back: the queue gets the lanes for it, and the call begins again.
    await context.catalogue.deepen(live.queue, outcome.missingLevel)
    return undefined
  }
}
