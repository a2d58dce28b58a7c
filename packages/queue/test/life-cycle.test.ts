import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { QueueError, type QueueKey } from '../src/index.ts'
import { type Bundle, bodiesOf, handlesOf, idsOf, newKey, receiveAll, setup } from './helpers/setup.ts'

let bundle: Bundle
beforeAll(async () => {
  bundle = await setup()
})
afterAll(() => bundle.close())

async function newQueue(settings = {}): Promise<QueueKey> {
  const key = newKey()
  await bundle.engine.createQueue({ ...key, settings })
  return key
}

/** The characters that SQS allows in a message. */
function isLegal(character: string): boolean {
  const code = character.codePointAt(0) as number
  if (code < 0x20) return code === 0x9 || code === 0xa || code === 0xd
  return !(code >= 0xd800 && code <= 0xdfff) && code !== 0xfffe && code !== 0xffff
}

describe('sending and receiving', () => {
  it('G2 delivers body, attributes, trace header and id exactly as they were sent', async () => {
    const { engine } = bundle
    const key = await newQueue()
    const message = {
      body: 'a\r\n\tb "quoted" \\ back, {braces}, NULL, ünïcödé 🎉 \u{10FFFF}',
      attributes: {
        'order.type': { type: 'string', value: 'a "b" \\ {c}' },
        count: { type: 'number', label: 'int', value: '1.0' },
        blob: { type: 'binary', label: 'png', value: Buffer.from([0, 1, 255]).toString('base64') },
      },
      traceHeader: 'Root=1-5759e988-bd862e3fe1be46a994272793',
    } as const
    const [messageId] = idsOf(await engine.sendMessages(key, [message]))
    const [received] = await engine.receiveMessages(key, { maxMessages: 10 })
    expect(received).toMatchObject({ ...message, messageId, receiveCount: 1 })
    expect(messageId).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
  })

  it('G2 keeps any legal text byte for byte', async () => {
    const { engine } = bundle
    const key = await newQueue()
    const legal = fc.string({ unit: 'binary', minLength: 1, maxLength: 200 }).filter((text) => [...text].every(isLegal))
    await fc.assert(
      fc.asyncProperty(fc.array(legal, { minLength: 1, maxLength: 20 }), async (bodies) => {
        idsOf(
          await engine.sendMessages(
            key,
            bodies.map((body) => ({ body })),
          ),
        )
        const received = await receiveAll(engine, key)
        expect(bodiesOf(received)).toEqual(bodies)
        await engine.deleteMessages(key, handlesOf(received))
      }),
      { numRuns: 30 },
    )
  })

  it('delivers a message of exactly 1 MiB and refuses one more byte', async () => {
    const { engine } = bundle
    const key = await newQueue()
    const body = 'x'.repeat(1_048_576)
    const results = await engine.sendMessages(key, [{ body }, { body: `${body}y` }])
    expect(results[0]).toMatchObject({ ok: true })
    expect(results[1]).toMatchObject({
      ok: false,
      error: { code: 'messageTooLarge', details: { limitBytes: 1_048_576 } },
    })
    const received = await receiveAll(engine, key)
    expect(received.map((message) => message.body === body)).toEqual([true])
  })

  it('answers one id a message, all different, in the order of the messages', async () => {
    const { engine } = bundle
    const key = await newQueue()
    const ids = idsOf(
      await engine.sendMessages(
        key,
        Array.from({ length: 50 }, (_, i) => ({ body: `m${i}` })),
      ),
    )
    const received = await receiveAll(engine, key)
    expect(new Set(ids).size).toBe(50)
    expect(received.map((message) => [message.body, message.messageId])).toEqual(ids.map((id, i) => [`m${i}`, id]))
  })

  it('G3 G22 refuses bad messages one by one and stores their neighbours', async () => {
    const { engine } = bundle
    const key = await newQueue({ messageBytesMax: 1024 })
    const bad = [
      [{ body: '' }, 'messageEmpty'],
      [{ body: 'a\u0000b' }, 'invalidCharacters'],
      [{ body: '\ud800' }, 'invalidCharacters'],
      [{ body: '\uffff' }, 'invalidCharacters'],
      [{ body: 'x'.repeat(1025) }, 'messageTooLarge'],
      [{ body: 'x', delaySeconds: 31_536_001 }, 'invalidArgument'],
      [{ body: 'x', delaySeconds: -1 }, 'invalidArgument'],
      [{ body: 'x', delaySeconds: 1.5 }, 'invalidArgument'],
      [{ body: 'x', attributes: { 'AWS.x': { type: 'string', value: 'v' } } }, 'invalidArgument'],
      [{ body: 'x', attributes: { 'a..b': { type: 'string', value: 'v' } } }, 'invalidArgument'],
      [{ body: 'x', attributes: { a: { type: 'number', value: 'one' } } }, 'invalidArgument'],
      [{ body: 'x', attributes: { a: { type: 'binary', value: '***' } } }, 'invalidArgument'],
      [{ body: 'x', attributes: { a: { type: 'string', value: '' } } }, 'invalidArgument'],
      [{ body: 'x', attributes: { a: { type: 'string', value: '\u0001' } } }, 'invalidCharacters'],
      [
        {
          body: 'x',
          attributes: Object.fromEntries(
            Array.from({ length: 11 }, (_, i) => [`a${i}`, { type: 'string', value: 'v' }]),
          ),
        },
        'invalidArgument',
      ],
    ] as const
    const messages = bad.flatMap(([message], i) => [message, { body: `good ${i}` }])
    const results = await engine.sendMessages(key, messages as never)
    expect(results.map((result) => (result.ok ? 'ok' : result.error.code))).toEqual(
      bad.flatMap(([, code]) => [code, 'ok']),
    )
    expect(bodiesOf(await receiveAll(engine, key))).toEqual(bad.map((_, i) => `good ${i}`))
  })

  it('refuses a call of no entries, of too many, or for too many messages', async () => {
    const { engine } = bundle
    const key = await newQueue()
    await expect(engine.sendMessages(key, [])).rejects.toMatchObject({ code: 'invalidArgument' })
    await expect(engine.sendMessages(key, new Array(1001).fill({ body: 'x' }))).rejects.toMatchObject({
      code: 'invalidArgument',
    })
    for (const maxMessages of [0, 1001, 1.5, Number.NaN]) {
      await expect(engine.receiveMessages(key, { maxMessages })).rejects.toMatchObject({ code: 'invalidArgument' })
    }
    expect(await engine.countMessages(key)).toMatchObject({ visible: 0 })
  })
})

describe('leases', () => {
  it('G6 hides a received message until its timeout has run out, and then delivers it again', async () => {
    const { engine, moveClock } = bundle
    const key = await newQueue()
    await engine.sendMessages(key, [{ body: 'a' }])
    await engine.receiveMessages(key, { maxMessages: 1, visibilityTimeoutSeconds: 20 })
    expect(await engine.receiveMessages(key, { maxMessages: 1 })).toEqual([])
    await moveClock(19)
    expect(await engine.receiveMessages(key, { maxMessages: 1 })).toEqual([])
    await moveClock(21)
    expect(bodiesOf(await engine.receiveMessages(key, { maxMessages: 1 }))).toEqual(['a'])
    await moveClock(0)
  })

  it('G10 counts deliveries and keeps the time of the first', async () => {
    const { engine } = bundle
    const key = await newQueue()
    await engine.sendMessages(key, [{ body: 'a' }, { body: 'b' }])
    const rounds = []
    for (let i = 0; i < 4; i++)
      rounds.push(
        await receiveAll(engine, key, 30).then(async (messages) => {
          await engine.changeVisibility(
            key,
            messages.map(({ receiptHandle }) => ({ receiptHandle, visibilityTimeoutSeconds: 0 })),
          )
          return messages
        }),
      )
    expect(rounds.map((round) => round.map((message) => message.receiveCount))).toEqual([
      [1, 1],
      [2, 2],
      [3, 3],
      [4, 4],
    ])
    expect(new Set(rounds.flat().map((message) => message.firstReceivedAtMs)).size).toBe(1)
    expect(new Set(rounds.flat().map((message) => message.receiptHandle)).size).toBe(8)
  })

  it('a timeout of 0 leaves the message visible and still counts the delivery', async () => {
    const { engine } = bundle
    const key = await newQueue()
    await engine.sendMessages(key, [{ body: 'a' }])
    const counts = []
    for (let i = 0; i < 3; i++) {
      const [message] = await engine.receiveMessages(key, { maxMessages: 1, visibilityTimeoutSeconds: 0 })
      counts.push(message?.receiveCount)
    }
    expect(counts).toEqual([1, 2, 3])
  })

  it("G7 hides a delayed message until its delay has run out, whether its own or the queue's", async () => {
    const { engine, moveClock } = bundle
    const key = await newQueue({ delaySeconds: 30 })
    idsOf(
      await engine.sendMessages(key, [
        { body: 'queue' },
        { body: 'own', delaySeconds: 60 },
        { body: 'none', delaySeconds: 0 },
      ]),
    )
    expect(await engine.countMessages(key)).toMatchObject({ visible: 1, delayed: 2, inFlight: 0 })
    expect(bodiesOf(await receiveAll(engine, key, 600))).toEqual(['none'])
    await moveClock(31)
    expect(bodiesOf(await receiveAll(engine, key, 600))).toEqual(['queue'])
    await moveClock(61)
    expect(bodiesOf(await receiveAll(engine, key, 600))).toEqual(['own'])
    await moveClock(0)
  })

  it('extends a lease, and refuses to hide one delivery for more than a year in all', async () => {
    const { engine, moveClock } = bundle
    const key = await newQueue()
    await engine.sendMessages(key, [{ body: 'a' }])
    const [message] = await engine.receiveMessages(key, { maxMessages: 1, visibilityTimeoutSeconds: 10 })
    const receiptHandle = message?.receiptHandle as string
    expect(await engine.changeVisibility(key, [{ receiptHandle, visibilityTimeoutSeconds: 50 }])).toEqual([null])
    await moveClock(40)
    expect(await engine.receiveMessages(key, { maxMessages: 1 })).toEqual([])
    const tooLong = await engine.changeVisibility(key, [{ receiptHandle, visibilityTimeoutSeconds: 31_536_000 }])
    expect(tooLong[0]).toMatchObject({ code: 'visibilityTimeoutTooLong' })
    expect(await engine.changeVisibility(key, [{ receiptHandle, visibilityTimeoutSeconds: 31_535_900 }])).toEqual([
      null,
    ])
    await moveClock(0)
  })
})

describe('receipt handles', () => {
  it('G5 deletes for good: no later receive returns the message', async () => {
    const { engine, moveClock } = bundle
    const key = await newQueue()
    await engine.sendMessages(
      key,
      Array.from({ length: 20 }, (_, i) => ({ body: `m${i}` })),
    )
    const received = await engine.receiveMessages(key, { maxMessages: 20 })
    const even = received.filter((_, i) => i % 2 === 0)
    expect(await engine.deleteMessages(key, handlesOf(even))).toEqual(even.map(() => null))
    await moveClock(60)
    expect(bodiesOf(await receiveAll(engine, key)).sort()).toEqual(
      received
        .filter((_, i) => i % 2 === 1)
        .map((message) => message.body)
        .sort(),
    )
    await moveClock(0)
  })

  it('G9 a handle whose lease has ended still deletes and changes, until the next delivery', async () => {
    const { engine, moveClock } = bundle
    const key = await newQueue()
    await engine.sendMessages(key, [{ body: 'a' }, { body: 'b' }])
    const [a, b] = await engine.receiveMessages(key, { maxMessages: 2, visibilityTimeoutSeconds: 10 })
    await moveClock(11)
    expect(await engine.deleteMessages(key, [a?.receiptHandle as string])).toEqual([null])
    expect(
      await engine.changeVisibility(key, [
        { receiptHandle: b?.receiptHandle as string, visibilityTimeoutSeconds: 100 },
      ]),
    ).toEqual([null])
    expect(await receiveAll(engine, key)).toEqual([])
    expect(await engine.countMessages(key)).toMatchObject({ visible: 0, inFlight: 1 })
    await moveClock(0)
  })

  it('G9 a superseded handle deletes nothing and changes nothing', async () => {
    const { engine } = bundle
    const key = await newQueue()
    await engine.sendMessages(key, [{ body: 'a' }])
    const [first] = await engine.receiveMessages(key, { maxMessages: 1, visibilityTimeoutSeconds: 0 })
    const [second] = await engine.receiveMessages(key, { maxMessages: 1, visibilityTimeoutSeconds: 30 })
    const old = first?.receiptHandle as string
    expect(await engine.deleteMessages(key, [old])).toEqual([null])
    expect(
      (await engine.changeVisibility(key, [{ receiptHandle: old, visibilityTimeoutSeconds: 0 }]))[0],
    ).toMatchObject({
      code: 'messageNotLeased',
    })
    expect(await engine.countMessages(key)).toMatchObject({ visible: 0, inFlight: 1 })
    expect(await engine.deleteMessages(key, [second?.receiptHandle as string])).toEqual([null])
    expect(await engine.countMessages(key)).toMatchObject({ visible: 0, inFlight: 0 })
  })

  it('G9 a handle of a deleted message deletes again without effect and cannot change anything', async () => {
    const { engine } = bundle
    const key = await newQueue()
    await engine.sendMessages(key, [{ body: 'a' }])
    const [message] = await engine.receiveMessages(key, { maxMessages: 1 })
    const receiptHandle = message?.receiptHandle as string
    for (let i = 0; i < 3; i++) expect(await engine.deleteMessages(key, [receiptHandle])).toEqual([null])
    const results = await engine.changeVisibility(key, [{ receiptHandle, visibilityTimeoutSeconds: 0 }])
    expect(results[0]).toMatchObject({ code: 'messageNotLeased' })
    expect(await receiveAll(engine, key)).toEqual([])
  })

  it('G9 refuses a handle that was never issued, was altered, or belongs to another queue', async () => {
    const { engine } = bundle
    const key = await newQueue()
    const other = await newQueue()
    await engine.sendMessages(key, [{ body: 'a' }])
    const [message] = await engine.receiveMessages(key, { maxMessages: 1 })
    const handle = message?.receiptHandle as string
    const flip = (i: number) => handle.slice(0, i) + (handle[i] === 'A' ? 'B' : 'A') + handle.slice(i + 1)
    const altered = Array.from({ length: handle.length }, (_, i) => flip(i))
    const junk = [
      'x',
      '',
      'é'.repeat(70),
      `${handle}A`,
      handle.slice(1),
      handle.replace(/.$/, '='),
      `${handle.slice(0, -1)} `,
    ]
    for (const results of [
      await engine.deleteMessages(key, [...altered, ...junk]),
      await engine.changeVisibility(
        key,
        [...altered, ...junk].map((receiptHandle) => ({ receiptHandle, visibilityTimeoutSeconds: 0 })),
      ),
      await engine.deleteMessages(other, [handle]),
    ]) {
      expect(results.map((error) => error?.code)).toEqual(results.map(() => 'invalidReceiptHandle'))
    }
    expect(await engine.countMessages(key)).toMatchObject({ visible: 0, inFlight: 1 })
  })

  it('answers each entry of a mixed call on its own merits', async () => {
    const { engine } = bundle
    const key = await newQueue()
    await engine.sendMessages(key, [{ body: 'a' }, { body: 'b' }])
    const [a, b] = handlesOf(await engine.receiveMessages(key, { maxMessages: 2 })) as [string, string]
    const results = await engine.changeVisibility(key, [
      { receiptHandle: 'junk', visibilityTimeoutSeconds: 0 },
      { receiptHandle: b, visibilityTimeoutSeconds: 31_536_001 },
      { receiptHandle: a, visibilityTimeoutSeconds: 0 },
    ])
    expect(results.map((error) => error?.code)).toEqual(['invalidReceiptHandle', 'invalidArgument', undefined])
    expect(await engine.countMessages(key)).toMatchObject({ visible: 1, inFlight: 1 })
    expect((await engine.deleteMessages(key, [b, 'junk', b])).map((error) => error?.code)).toEqual([
      undefined,
      'invalidReceiptHandle',
      undefined,
    ])
  })
})

describe('counts', () => {
  it('G26 are exact through a random life of sends, receives, releases, deletes and time', async () => {
    const { engine, moveClock } = bundle
    const action = fc.oneof(
      fc.record({
        kind: fc.constant('send' as const),
        count: fc.integer({ min: 1, max: 8 }),
        delay: fc.constantFrom(0, 0, 40),
      }),
      fc.record({
        kind: fc.constant('receive' as const),
        count: fc.integer({ min: 1, max: 8 }),
        timeout: fc.constantFrom(0, 20, 70),
      }),
      fc.record({ kind: fc.constant('delete' as const), which: fc.nat() }),
      fc.record({ kind: fc.constant('change' as const), which: fc.nat(), timeout: fc.constantFrom(0, 30) }),
      fc.record({ kind: fc.constant('time' as const), seconds: fc.integer({ min: 1, max: 30 }) }),
    )
    await fc.assert(
      fc.asyncProperty(fc.array(action, { minLength: 5, maxLength: 30 }), async (actions) => {
        await moveClock(0)
        const key = await newQueue()
        const stored = new Map<string, { visibleAt: number; received: number; handle?: string }>()
        let now = 0
        for (const step of actions) {
          if (step.kind === 'send') {
            const ids = idsOf(
              await engine.sendMessages(
                key,
                Array.from({ length: step.count }, () => ({ body: 'x', delaySeconds: step.delay })),
              ),
            )
            for (const id of ids) stored.set(id, { visibleAt: now + step.delay, received: 0 })
          } else if (step.kind === 'receive') {
            const due = [...stored.values()].filter((message) => message.visibleAt <= now).length
            const got = await engine.receiveMessages(key, {
              maxMessages: step.count,
              visibilityTimeoutSeconds: step.timeout,
            })
            expect(got.length).toBe(Math.min(due, step.count))
            for (const message of got) {
              const known = stored.get(message.messageId)
              expect(message.receiveCount).toBe((known?.received ?? Number.NaN) + 1)
              stored.set(message.messageId, {
                visibleAt: now + step.timeout,
                received: message.receiveCount,
                handle: message.receiptHandle,
              })
            }
          } else if (step.kind === 'time') {
            now += step.seconds
            await moveClock(now)
          } else {
            const handled = [...stored].filter(([, message]) => message.handle !== undefined)
            const [id, message] = handled[step.which % Math.max(1, handled.length)] ?? []
            if (id === undefined || message?.handle === undefined) continue
            if (step.kind === 'delete') {
              expect(await engine.deleteMessages(key, [message.handle])).toEqual([null])
              stored.delete(id)
            } else {
              expect(
                await engine.changeVisibility(key, [
                  { receiptHandle: message.handle, visibilityTimeoutSeconds: step.timeout },
                ]),
              ).toEqual([null])
              message.visibleAt = now + step.timeout
            }
          }
          const all = [...stored.values()]
          expect(await engine.countMessages(key)).toMatchObject({
            visible: all.filter((message) => message.visibleAt <= now).length,
            inFlight: all.filter((message) => message.visibleAt > now && message.received > 0).length,
            delayed: all.filter((message) => message.visibleAt > now && message.received === 0).length,
          })
        }
      }),
      { numRuns: 40, seed: 20_261_124 },
    )
    await moveClock(0)
  })

  it('tell the age of the oldest message that is still stored', async () => {
    const { engine, moveClock } = bundle
    const key = await newQueue()
    expect((await engine.countMessages(key)).oldestMessageAgeSeconds).toBeNull()
    await engine.sendMessages(key, [{ body: 'old' }])
    await moveClock(100)
    await engine.sendMessages(key, [{ body: 'young' }])
    const old = await engine.receiveMessages(key, { maxMessages: 1 })
    expect((await engine.countMessages(key)).oldestMessageAgeSeconds).toBeCloseTo(100, -1)
    await engine.deleteMessages(key, handlesOf(old))
    expect((await engine.countMessages(key)).oldestMessageAgeSeconds).toBeLessThan(50)
    await moveClock(0)
  })
})

describe('a queue that is not there', () => {
  it('answers queueNotFound to every operation', async () => {
    const { engine } = bundle
    const key = newKey()
    const calls = [
      () => engine.getQueue(key),
      () => engine.updateQueue(key, {}),
      () => engine.tagQueue(key, {}),
      () => engine.untagQueue(key, []),
      () => engine.deleteQueue(key),
      () => engine.purgeQueue(key),
      () => engine.countMessages(key),
      () => engine.sendMessages(key, [{ body: 'x' }]),
      () => engine.receiveMessages(key, { maxMessages: 1 }),
      () => engine.deleteMessages(key, ['x']),
      () => engine.changeVisibility(key, [{ receiptHandle: 'x', visibilityTimeoutSeconds: 0 }]),
    ]
    for (const call of calls) await expect(call()).rejects.toMatchObject({ code: 'queueNotFound' })
    await expect(engine.getQueue(key)).rejects.toBeInstanceOf(QueueError)
  })
})
