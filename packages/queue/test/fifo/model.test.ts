import { afterAll, beforeAll, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { deliverable } from '../../src/fifo/group-rule.ts'
import type { Engine, QueueKey } from '../../src/index.ts'
import { newFifo, sendTo } from '../helpers/fifo-queue.ts'
import { type Bundle, bodiesOf, idsOf, setup } from '../helpers/setup.ts'

const TIMEOUT_SECONDS = 30
const EXTENSION_SECONDS = 900
/** Steps of the clock; no sum of them comes near a timeout, so the time that the test itself takes changes nothing. */
const CLOCK_STEP_SECONDS = 20

let bundle: Bundle
let other: Engine
beforeAll(async () => {
  bundle = await setup()
  other = await bundle.node()
})
afterAll(() => bundle.close())

interface Message {
  readonly body: string
  visibleAtMs: number
  /** Of its last delivery. */
  handle: string | undefined
  receiveCount: number
}

/** What a queue should be: the messages of each group in order. `group-rule.ts` says what may be delivered. */
class Model {
  readonly key: QueueKey
  groups = new Map<string, Message[]>()
  /** Handles of deliveries whose message is gone. */
  readonly gone: string[] = []
  #sent = 0

  constructor(key: QueueKey) {
    this.key = key
  }

  get messages(): Message[] {
    return [...this.groups.values()].flat()
  }

  async send(group: string): Promise<void> {
    const body = `${++this.#sent}`
    idsOf(await sendTo(bundle.engine, this.key, [group, body]))
    const message = { body, visibleAtMs: Number.NEGATIVE_INFINITY, handle: undefined, receiveCount: 0 }
    this.groups.set(group, [...(this.groups.get(group) ?? []), message])
  }

  async receive(count: number): Promise<void> {
    const open = [...this.groups.values()].map((messages) => deliverable(messages, nowMs))
    const received = await other.receiveMessages(this.key, {
      maxMessages: count,
      visibilityTimeoutSeconds: TIMEOUT_SECONDS,
      waitSeconds: 0,
    })
    expect(received).toHaveLength(Math.min(count, open.flat().length))
    for (const run of open) {
      const bodies = bodiesOf(received).filter((body) => run.some((message) => message.body === body))
      expect(bodies).toEqual(run.slice(0, bodies.length).map((message) => message.body))
    }
    for (const message of open.flat()) {
      const delivery = received.find(({ body }) => body === message.body)
      if (delivery === undefined) continue
      message.visibleAtMs = nowMs + TIMEOUT_SECONDS * 1000
      message.handle = delivery.receiptHandle
      expect(delivery.receiveCount).toBe(++message.receiveCount)
    }
  }

  async delete(message: Message & { handle: string }): Promise<void> {
    const [result] = await other.deleteMessages(this.key, [message.handle])
    if (message.visibleAtMs <= nowMs) {
      expect(result).toMatchObject({ code: 'handleExpired' })
      return
    }
    expect(result).toBeNull()
    this.groups = new Map([...this.groups].map(([group, all]) => [group, all.filter((each) => each !== message)]))
    this.gone.push(message.handle)
  }

  async change(message: Message & { handle: string }, visibilityTimeoutSeconds: number): Promise<void> {
    const change = { receiptHandle: message.handle, visibilityTimeoutSeconds }
    const [result] = await other.changeVisibility(this.key, [change])
    if (message.visibleAtMs <= nowMs) {
      expect(result).toMatchObject({ code: 'handleExpired' })
      return
    }
    expect(result).toBeNull()
    message.visibleAtMs = nowMs + visibilityTimeoutSeconds * 1000
  }

  async purge(): Promise<void> {
    await bundle.engine.purgeQueue(this.key)
    this.gone.push(...this.messages.flatMap(({ handle }) => handle ?? []))
    this.groups = new Map()
  }

  /** A handle whose message is gone deletes nothing, and changes nothing. */
  async useGone(): Promise<void> {
    const [receiptHandle] = this.gone
    if (receiptHandle === undefined) return
    expect(await other.deleteMessages(this.key, [receiptHandle])).toEqual([null])
    const [result] = await other.changeVisibility(this.key, [{ receiptHandle, visibilityTimeoutSeconds: 5 }])
    expect(result).toMatchObject({ code: 'messageNotLeased' })
  }

  async compareCounts(): Promise<void> {
    const inFlight = this.messages.filter(({ visibleAtMs }) => visibleAtMs > nowMs).length
    expect(await other.countMessages(this.key)).toMatchObject({ inFlight, visible: this.messages.length - inFlight })
  }
}

/** The clock of the database, as far as the test moved it; it only goes on, from one queue to the next. */
let nowMs = 0

const step = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('send' as const), group: fc.constantFrom('a', 'b', 'c') }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('receive' as const), count: fc.integer({ min: 1, max: 4 }) }) },
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constantFrom('delete' as const, 'extend' as const, 'release' as const),
      pick: fc.nat(20),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('clock' as const) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('purge' as const) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('gone' as const) }) },
)

it('G12 G9 G10 G20 G26 agree with the rule of groups over any sequence of steps, purges and steps of the clock too', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 30 }), async (steps) => {
      const model = new Model(await newFifo(bundle.engine))
      for (const next of steps) {
        if (next.kind === 'send') await model.send(next.group)
        else if (next.kind === 'receive') await model.receive(next.count)
        else if (next.kind === 'purge') await model.purge()
        else if (next.kind === 'gone') await model.useGone()
        else if (next.kind === 'clock') {
          nowMs += CLOCK_STEP_SECONDS * 1000
          await bundle.moveClock(nowMs / 1000)
        } else {
          const received = model.messages.filter((message) => message.handle !== undefined)
          const message = received[next.pick % Math.max(1, received.length)] as
            | (Message & { handle: string })
            | undefined
          if (message === undefined) continue
          if (next.kind === 'delete') await model.delete(message)
          else await model.change(message, next.kind === 'extend' ? EXTENSION_SECONDS : 0)
        }
      }
      await model.compareCounts()
    }),
    { numRuns: 60 },
  )
}, 60_000)
