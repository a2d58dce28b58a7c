import { requestsOf } from '../../postgres-proxy.ts'
import type { Operation } from '../operation.ts'
import { QueueUnderTest } from '../queue-under-test.ts'
import { claimOf, Violation } from '../rest-api.ts'

/** Requests that each need a turn of the server's event loop: behind them those that were made before have come in. */
const TURNS = 3

/**
 * A send, a receive and a delete that arrive while the statement of another send is held up, so that they share one: whatever
 * happens to that one happens to all of them.
 */
export const SHARED_TICK: Operation = {
  name: 'standard: send, receive and delete in one statement',
  prepare: async ({ api, proxy }, name) => {
    const queue = await QueueUnderTest.create(api, name)
    const [leased] = await queue.lease(['deleted'])
    await queue.send(['received'])
    return {
      run: async () => {
        const stall = proxy.arm({ matches: requestsOf(/stanchion\.send_/), at: 'before', action: 'stall' })
        const first = api.call('POST', `${queue.path}/messages`, { body: 'first' })
        await Promise.race([stall.hit, first])
        stall.disarm()
        const sent = api.call('POST', `${queue.path}/messages`, { body: 'sent' })
        const received = api.call('POST', `${queue.path}/receive`, { waitSeconds: 0 })
        const deleted = api.call('DELETE', `${queue.path}/leases/${leased?.receiptHandle}`)
        for (let turn = 0; turn < TURNS; turn++) await api.isAlive()
        proxy.resume()
        const answer = await received
        if (answer.status === 200) {
          const bodies = (answer.body.messages as readonly { body: string }[]).map(({ body }) => body)
          if (bodies.join() !== 'received')
            throw new Violation(`"${bodies}" was answered instead of the oldest message`)
        }
        return new Map([
          ['first', claimOf(await first)],
          ['sent', claimOf(await sent)],
          ['received', claimOf(answer)],
          ['deleted', claimOf(await deleted)],
        ])
      },
      effects: async () => {
        const standing = await queue.standing()
        const of = (body: string) => standing.filter((message) => message.body === body)
        const [received] = of('received')
        if (received === undefined) throw new Violation('a message was lost by a receive')
        return new Map([
          ['first', of('first').length],
          ['sent', of('sent').length],
          ['received', received.receiveCount],
          ['deleted', of('deleted').length === 0 ? 1 : 0],
        ])
      },
    }
  },
}
