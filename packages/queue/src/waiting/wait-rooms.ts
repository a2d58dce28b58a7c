import type { QueueError } from '../errors.ts'
import type { LiveQueue } from '../queues/live-queue.ts'
import type { WakeCause } from '../types.ts'
import { WaitRoom, type WaitRoomContext } from './wait-room.ts'

/** A room that nobody entered for this long is forgotten. */
const IDLE_MS = 60_000

/** The waiting rooms of this node, by queue id. */
export class WaitRooms {
  readonly #rooms = new Map<number, { readonly room: WaitRoom; idleSinceMs: number }>()
  readonly #contextOf: (live: LiveQueue) => Omit<WaitRoomContext, 'onEmpty'>
  #isDraining = false

  constructor(contextOf: (live: LiveQueue) => Omit<WaitRoomContext, 'onEmpty'>) {
    this.#contextOf = contextOf
  }

  /** The room of a queue, opened when there is none. */
  room(live: LiveQueue): WaitRoom {
    const known = this.#rooms.get(live.queue.id)
    if (known !== undefined) return known.room
    const opened = {
      room: new WaitRoom(live, {
        ...this.#contextOf(live),
        onEmpty: () => {
          opened.idleSinceMs = performance.now()
        },
      }),
      idleSinceMs: performance.now(),
    }
    if (this.#isDraining) opened.room.drain()
    this.#rooms.set(live.queue.id, opened)
    return opened.room
  }

  /** Receives that wait in this node. */
  get waiters(): number {
    let waiters = 0
    for (const { room } of this.#rooms.values()) waiters += room.size
    return waiters
  }

  /** The next tick stores something for this queue. */
  expect(queueId: number): void {
    this.#rooms.get(queueId)?.room.expect()
  }

  /** Something may be deliverable in this queue now, or will be in `delayMs`; the tick stored it that has this number. */
  notice(queueId: number, delayMs: number, cause: WakeCause, tick?: number): void {
    const room = this.#rooms.get(queueId)?.room
    if (delayMs > 0) room?.dueIn(delayMs)
    else room?.wake(cause, tick)
  }

  wakeAll(cause: WakeCause): void {
    for (const { room } of this.#rooms.values()) room.wake(cause)
  }

  /** The rooms in which somebody waits. */
  occupied(): WaitRoom[] {
    const rooms: WaitRoom[] = []
    for (const { room } of this.#rooms.values()) if (room.size > 0) rooms.push(room)
    return rooms
  }

  /** The database is away: whoever waits is told now rather than at the end of its wait (G28). */
  rejectAll(error: QueueError): void {
    for (const { room } of this.#rooms.values()) room.rejectAll(error)
  }

  get isDraining(): boolean {
    return this.#isDraining
  }

  /** From now on nobody waits (G29). */
  drain(): void {
    this.#isDraining = true
    for (const { room } of this.#rooms.values()) room.drain()
  }

  /** Forgets rooms that have been empty for a while. */
  forgetIdle(): void {
    const now = performance.now()
    for (const [queueId, { room, idleSinceMs }] of this.#rooms) {
      if (room.size === 0 && now - idleSinceMs > IDLE_MS) this.#rooms.delete(queueId)
    }
  }
}
