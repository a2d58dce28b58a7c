import { storeMessages } from '../load/store-messages.ts'
import { quantile } from '../measure/quantile.ts'
import { type Kind, newQueueName } from './kind.ts'

/** What shares a queue with quiet tenants, and what its consumers do. */
export interface Fairness {
  /** Messages of a noisy tenant that wait. */
  readonly noisyMessages: number
  readonly hasGroups: boolean
  /** How long a consumer takes for what one receive brought. */
  readonly workMs: number
}

const QUIET_TENANTS = 99
const QUIET_MESSAGES = 10
const CONSUMERS = 16
const SENDERS = 8
const WARM_UP_MS = 500

/**
 * Consumers work all the time; then 99 tenants send ten messages each, all at once: how long these wait from their send to their receive, by the clock of
 * the database. With consumers that do no work at all, the machine is what everybody waits for.
 */
export const FAIRNESS: Kind<Fairness> = {
  columns: [
    { key: 'p50Ms', title: 'p50 ms', digits: 0 },
    { key: 'p95Ms', title: 'p95 ms', digits: 0 },
    { key: 'longestMs', title: 'longest ms', digits: 0 },
    { key: 'noisyShare', title: 'noisy share of receives', digits: 2 },
  ],
  compared: 'p95Ms',
  isLessBetter: true,
  enter:
    async (contender, load, { scale }) =>
    async () => {
      const { hasGroups, workMs } = load
      const noisyMessages = Math.ceil(load.noisyMessages / scale)
      const tenants = Math.ceil(QUIET_TENANTS / scale)
      const queue = await contender.createQueue(newQueueName(), false)
      const noisy = { body: 'x'.repeat(200), ...(hasGroups ? { group: 'noisy' } : {}) }
      if (noisyMessages > 0) await storeMessages(contender, queue, noisyMessages, noisy)

      const quietIds = new Set<string>()
      const waitsMs = new Map<string, number>()
      let receivedMeanwhile = 0
      let isSending = false
      let isOver = false
      const consume = async () => {
        const client = await contender.connect()
        while (!isOver) {
          const messages = await client.receive(queue, { max: 10, waitSeconds: 1, withDetails: true })
          if (messages.length === 0) continue
          if (isSending) receivedMeanwhile += messages.length
          for (const { id, details } of messages) {
            if (details !== undefined) waitsMs.set(id, details.firstReceivedAtMs - details.sentAtMs)
          }
          const isAllSent = isSending && quietIds.size === tenants * QUIET_MESSAGES
          if (isAllSent) isOver = [...quietIds].every((id) => waitsMs.has(id))
          if (workMs > 0) await new Promise((resolve) => setTimeout(resolve, workMs))
          await client.delete(queue, messages)
        }
        await client.close()
      }
      const consumers = Array.from({ length: CONSUMERS }, consume)
      await new Promise((resolve) => setTimeout(resolve, WARM_UP_MS))
      isSending = true
      let next = 0
      const send = async () => {
        const client = await contender.connect()
        while (next < tenants) {
          const message = { body: 'x'.repeat(200), ...(hasGroups ? { group: `quiet-${next}` } : {}) }
          next += 1
          const sent = await client.send(queue, new Array(QUIET_MESSAGES).fill(message))
          for (const { id } of sent) quietIds.add(id)
        }
        await client.close()
      }
      await Promise.all(Array.from({ length: SENDERS }, send))
      await Promise.all(consumers)
      const sorted = Float64Array.from(quietIds, (id) => waitsMs.get(id) ?? Number.NaN).sort()
      return {
        p50Ms: quantile(sorted, 0.5),
        p95Ms: quantile(sorted, 0.95),
        longestMs: quantile(sorted, 1),
        noisyShare: (receivedMeanwhile - sorted.length) / receivedMeanwhile,
      }
    },
}
