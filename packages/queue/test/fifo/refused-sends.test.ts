import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type { QueueKey, SendOptions } from '../../src/index.ts'
import { type Bundle, bodiesOf, newKey, setup } from '../helpers/setup.ts'

let bundle: Bundle
beforeAll(async () => {
  bundle = await setup()
})
afterAll(() => bundle.close())

async function newFifo(): Promise<QueueKey> {
  const key = newKey()
  const named = { ...key, name: `${key.name}.fifo` }
  await bundle.engine.createQueue({ ...named, fifo: {}, settings: { messageBytesMax: 1_024 } })
  return named
}

async function newStandard(): Promise<QueueKey> {
  const key = newKey()
  await bundle.engine.createQueue({ ...key, settings: { messageBytesMax: 1_024 } })
  return key
}

const receive = (key: QueueKey) => bundle.engine.receiveMessages(key, { maxMessages: 10, waitSeconds: 0 })

describe('refuseAllOn', () => {
  const options: SendOptions = { refuseAllOn: ['invalidArgument', 'messageTooLarge'] }
  const good = { body: 'good', groupId: 'g', deduplicationId: 'd' }

  it('G16 stores none of the messages of a FIFO queue and takes no id when one is refused for such a reason', async () => {
    const key = await newFifo()
    for (const [bad, error] of [
      [
        { body: 'x', deduplicationId: 'e' },
        { code: 'invalidArgument', details: { field: 'groupId' } },
      ],
      [
        { body: 'x', groupId: 'g' },
        { code: 'invalidArgument', details: { field: 'deduplicationId' } },
      ],
      [{ ...good, deduplicationId: 'e', body: 'x'.repeat(1_025) }, { code: 'messageTooLarge' }],
    ] as const) {
      await expect(bundle.engine.sendMessages(key, [good, bad], options)).rejects.toMatchObject(error)
    }
    expect(await bundle.engine.sendMessages(key, [good], options)).toMatchObject([{ isDuplicate: false }])
    expect(bodiesOf(await receive(key))).toEqual(['good'])
  })

  it('names the first of several', async () => {
    const sent = bundle.engine.sendMessages(
      await newFifo(),
      [good, { body: '1', groupId: 'g' }, { body: '2' }],
      options,
    )
    await expect(sent).rejects.toMatchObject({ details: { field: 'deduplicationId' } })
  })

  it('lets a message that is refused for another reason stand alone', async () => {
    const key = await newFifo()
    const results = await bundle.engine.sendMessages(key, [{ ...good, body: '\u0000' }, good], options)
    expect(results).toMatchObject([{ error: { code: 'invalidCharacters' } }, { ok: true }])
    expect(bodiesOf(await receive(key))).toEqual(['good'])
  })

  it('holds for standard queues, delayed messages included', async () => {
    const key = await newStandard()
    const messages = [{ body: 'a' }, { body: 'b', delaySeconds: 900 }, { body: 'x'.repeat(1_025) }]
    await expect(bundle.engine.sendMessages(key, messages, options)).rejects.toMatchObject({ code: 'messageTooLarge' })
    expect(await bundle.engine.countMessages(key)).toMatchObject({ visible: 0, delayed: 0 })
  })
})

describe('a standard queue', () => {
  it('refuses a deduplication id, which would mean nothing there, and takes what stands beside it', async () => {
    const key = await newStandard()
    const results = await bundle.engine.sendMessages(key, [{ body: 'x', deduplicationId: 'd' }, { body: 'y' }])
    expect(results).toMatchObject([
      { error: { code: 'invalidArgument', details: { field: 'deduplicationId' } } },
      { ok: true },
    ])
    expect(bodiesOf(await receive(key))).toEqual(['y'])
  })
})

describe('a FIFO queue that is created again', () => {
  it('may be asked for with a part of what holds', async () => {
    const key = await newFifo()
    const fifo = { deduplicationScope: 'messageGroup', throughputLimit: 'perMessageGroupId' } as const
    await bundle.engine.updateQueue(key, { fifo })
    const again = await bundle.engine.createQueue({ ...key, fifo: { throughputLimit: 'perMessageGroupId' } })
    expect(again).toMatchObject({ created: false, queue: { fifo } })
    const name = `new-${key.name}`
    const alone = bundle.engine.createQueue({ ...key, name, fifo: { throughputLimit: 'perMessageGroupId' } })
    await expect(alone).rejects.toMatchObject({ code: 'invalidArgument', details: { field: 'throughputLimit' } })
  })
})
