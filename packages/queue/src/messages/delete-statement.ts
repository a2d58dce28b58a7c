import type { Delivery } from './receipt-handle.ts'
import type { BatchStatement } from './statement-runner.ts'
import { DELETE } from './statements.ts'

/** The handles of one call, all of one queue. */
export interface DeleteItem {
  readonly bucket: number
  /** The queue's lanes, all of which must be live. */
  readonly queueLanes: readonly number[]
  readonly deliveries: readonly Delivery[]
}

/** How many messages the statement removed from each of the item's lanes; `undefined` when the queue was changed. */
export type DeleteOutcome = { readonly removed: ReadonlyMap<number, number> } | undefined

export const deleteStatement: BatchStatement<DeleteItem, DeleteOutcome> = {
  operation: 'delete',
  statement: DELETE,
  entries: (item) => item.deliveries.length,
  weigh: (item) => item.deliveries.length,
  weightMax: 1_000,
  nowColumn: 2,

  bind(bucket, items, deadline) {
    const deliveries = items.flatMap((item) => item.deliveries).sort(compareDeliveries)
    const leaseLanes: number[] = []
    const leases: bigint[] = []
    const masks: string[][] = []
    const ends: number[] = []
    const indexes: number[] = []
    const seqs: bigint[] = []
    const parked: Delivery[] = []
    for (const delivery of deliveries) {
      if (delivery.leaseSeq === 0n) {
        parked.push(delivery)
        continue
      }
      if (leaseLanes.at(-1) !== delivery.lane || leases.at(-1) !== delivery.leaseSeq) {
        leaseLanes.push(delivery.lane)
        leases.push(delivery.leaseSeq)
        masks.push([])
        ends.push(0)
      }
      setBit(masks.at(-1) as string[], delivery.leaseIndex)
      indexes.push(delivery.leaseIndex)
      seqs.push(delivery.seq)
      ends[ends.length - 1] = indexes.length
    }
    return [
      bucket,
      [...new Set(items.flatMap((item) => item.queueLanes))].sort((a, b) => a - b),
      leaseLanes,
      leases,
      `{${masks.map((mask) => mask.join('')).join(',')}}`,
      ends,
      indexes,
      seqs,
      parked.map((delivery) => delivery.lane),
      parked.map((delivery) => delivery.seq),
      parked.map((delivery) => delivery.receiveCount),
      deadline,
    ]
  },

  read(rows, items) {
    const removed = new Map(rows.map(([lane, count]) => [Number(lane), count as number]))
    // The count of a lane goes to the first item that names it, so that it is not added up twice.
    return items.map((item) => {
      if (!item.queueLanes.every((lane) => removed.has(lane))) return undefined
      const own = new Map(item.queueLanes.map((lane) => [lane, removed.get(lane) ?? 0]))
      for (const lane of item.queueLanes) removed.set(lane, 0)
      return { removed: own }
    })
  },
}

function setBit(mask: string[], index: number): void {
  while (mask.length <= index) mask.push('0')
  mask[index] = '1'
}

/** Lane, lease, seq: the order in which every statement locks. */
export function compareDeliveries(a: Delivery, b: Delivery): number {
  if (a.lane !== b.lane) return a.lane - b.lane
  if (a.leaseSeq !== b.leaseSeq) return a.leaseSeq < b.leaseSeq ? -1 : 1
  if (a.seq !== b.seq) return a.seq < b.seq ? -1 : 1
  return 0
}
