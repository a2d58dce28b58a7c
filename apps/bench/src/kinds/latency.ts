import { quantile } from '../measure/quantile.ts'
import { type Kind, newQueueName } from './kind.ts'

/** A receive waits, somebody sends, and so on. */
export interface LatencyLoad {
  /** Between a receive's call and the send that it waits for. */
  readonly pauseMs: number
}

const WAIT_SECONDS = 20

/** From the call of a send until a long poll has the message in hand, on an otherwise idle machine. */
export const LATENCY: Kind<LatencyLoad> = {
  columns: [
    { key: 'p50Ms', title: 'p50 ms', digits: 2 },
    { key: 'p99Ms', title: 'p99 ms', digits: 2 },
    { key: 'sendP50Ms', title: 'send p50 ms', digits: 2 },
    { key: 'count', title: 'messages', digits: 0 },
  ],
  compared: 'p50Ms',
  isLessBetter: true,
  async enter(contender, { pauseMs }) {
    const queue = await contender.createQueue(newQueueName(), false)
    return async ({ seconds }) => {
      // With two servers they are callers of different ones.
      const [sender, receiver] = [await contender.connect(), await contender.connect()]
      const latenciesMs: number[] = []
      const sendsMs: number[] = []
      const lastMs = performance.now() + seconds * 1000
      do {
        const receiving = receiver.receive(queue, { max: 1, waitSeconds: WAIT_SECONDS })
        await new Promise((resolve) => setTimeout(resolve, pauseMs))
        const sentAtMs = performance.now()
        const [messages] = await Promise.all([
          receiving.then((received) => {
            latenciesMs.push(performance.now() - sentAtMs)
            return received
          }),
          sender.send(queue, [{ body: 'x'.repeat(200) }]).then(() => sendsMs.push(performance.now() - sentAtMs)),
        ])
        await receiver.delete(queue, messages)
      } while (performance.now() < lastMs)
      await Promise.all([sender.close(), receiver.close()])
      const sorted = Float64Array.from(latenciesMs).sort()
      return {
        p50Ms: quantile(sorted, 0.5),
        p99Ms: quantile(sorted, 0.99),
        sendP50Ms: quantile(Float64Array.from(sendsMs).sort(), 0.5),
        count: sorted.length,
      }
    }
  },
}
