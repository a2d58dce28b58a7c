import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type { QueueKey } from '../../src/index.ts'
import { type Bundle, newKey, setup } from '../helpers/setup.ts'

let bundle: Bundle
beforeAll(async () => {
  bundle = await setup()
})
afterAll(() => bundle.close())

async function newQueue(input = {}): Promise<QueueKey> {
  const key = newKey()
  await bundle.engine.createQueue({ ...key, ...input })
  return key
}

const to = ({ name }: QueueKey, receiveCountMax = 3) => ({ queueName: name, receiveCountMax })

describe('the dead-letter queue of a queue', () => {
  it('is kept, changed, and removed with null', async () => {
    const { engine } = bundle
    const [first, second] = [await newQueue(), await newQueue()]
    const source = await newQueue({ deadLetter: to(first) })
    expect(await engine.getQueue(source)).toMatchObject({ deadLetter: to(first), deadLetterSources: 'all' })
    await engine.updateQueue(source, { deadLetter: to(second, 1_000) })
    expect((await engine.getQueue(source)).deadLetter).toEqual(to(second, 1_000))
    await engine.updateQueue(source, { settings: { delaySeconds: 1 } })
    expect((await engine.getQueue(source)).deadLetter).toEqual(to(second, 1_000))
    await engine.updateQueue(source, { deadLetter: null })
    expect((await engine.getQueue(source)).deadLetter).toBeUndefined()
  })

  it.each([0, -1, 1.5, 1_001, Number.NaN, '3'])('is refused with a receiveCountMax of %p', async (receiveCountMax) => {
    const { engine } = bundle
    const key = await newQueue()
    const deadLetter = { queueName: key.name, receiveCountMax: receiveCountMax as number }
    const refusal = { code: 'invalidArgument', details: { field: 'deadLetter.receiveCountMax' } }
    await expect(engine.updateQueue(key, { deadLetter })).rejects.toMatchObject(refusal)
    await expect(engine.createQueue({ ...newKey(), deadLetter })).rejects.toMatchObject(refusal)
  })

  it('is one that is there, of the same account and kind', async () => {
    const { engine } = bundle
    const key = await newQueue()
    const fifo = { ...newKey(), name: 'ordered.fifo' }
    await engine.createQueue({ ...fifo, fifo: {} })
    const elsewhere = { accountId: '111111111111', name: 'elsewhere' }
    await engine.createQueue(elsewhere)
    const attempts: [QueueKey, string, string][] = [
      [key, 'nowhere', 'deadLetterQueueNotFound'],
      [key, 'elsewhere', 'deadLetterQueueNotFound'],
      [key, 'no name', 'invalidArgument'],
      [key, fifo.name, 'deadLetterQueueKindDiffers'],
      [fifo, key.name, 'deadLetterQueueKindDiffers'],
    ]
    for (const [source, queueName, code] of attempts) {
      const change = { deadLetter: { queueName, receiveCountMax: 1 }, settings: { delaySeconds: 7 } }
      await expect(engine.updateQueue(source, change)).rejects.toMatchObject({ code })
      expect(await engine.getQueue(source)).toMatchObject({ deadLetter: undefined, settings: { delaySeconds: 0 } })
    }
  })

  it('leaves nothing behind when it is refused for a new queue', async () => {
    const { engine } = bundle
    const key = newKey()
    const deadLetter = { queueName: 'nowhere', receiveCountMax: 1 }
    await expect(engine.createQueue({ ...key, deadLetter })).rejects.toMatchObject({ code: 'deadLetterQueueNotFound' })
    await expect(engine.getQueue(key)).rejects.toMatchObject({ code: 'queueNotFound' })
  })

  it('may be the queue itself, also when it is new', async () => {
    const { engine } = bundle
    const key = newKey()
    await engine.createQueue({ ...key, deadLetter: to(key) })
    await engine.updateQueue(key, { deadLetter: to(key, 7) })
    expect((await engine.getQueue(key)).deadLetter).toEqual(to(key, 7))
  })

  it('stays when it is deleted', async () => {
    const { engine } = bundle
    const target = await newQueue()
    const source = await newQueue({ deadLetter: to(target) })
    await engine.deleteQueue(target)
    expect((await engine.getQueue(source)).deadLetter).toEqual(to(target))
    expect((await engine.updateQueue(source, { tags: { a: 'b' } })).deadLetter).toEqual(to(target))
  })

  it('is compared when a queue is created again', async () => {
    const { engine } = bundle
    const target = await newQueue()
    const source = await newQueue({ deadLetter: to(target) })
    expect(await engine.createQueue({ ...source, deadLetter: to(target) })).toMatchObject({ created: false })
    expect(await engine.createQueue(source)).toMatchObject({ created: false })
    for (const deadLetter of [to(target, 4), to(source)]) {
      const refusal = { code: 'queueExists', details: { field: 'deadLetter' } }
      await expect(engine.createQueue({ ...source, deadLetter })).rejects.toMatchObject(refusal)
    }
  })
})

describe('the sources that a dead-letter queue allows', () => {
  it('are asked when a source is set, and undo nothing that is there', async () => {
    const { engine } = bundle
    const [good, bad] = [await newQueue(), await newQueue()]
    const target = await newQueue({ deadLetterSources: [good.name] })
    await engine.updateQueue(good, { deadLetter: to(target) })
    const refusal = { code: 'deadLetterQueueForbidden', details: { field: 'deadLetter.queueName' } }
    await expect(engine.updateQueue(bad, { deadLetter: to(target) })).rejects.toMatchObject(refusal)
    await engine.updateQueue(target, { deadLetterSources: 'all' })
    await engine.updateQueue(bad, { deadLetter: to(target) })
    await engine.updateQueue(target, { deadLetterSources: 'none' })
    expect((await engine.getQueue(bad)).deadLetter).toEqual(to(target))
    await expect(engine.updateQueue(good, { deadLetter: to(target) })).rejects.toMatchObject(refusal)
    await expect(engine.createQueue({ ...newKey(), deadLetter: to(target) })).rejects.toMatchObject(refusal)
  })

  it.each([[[]], [['no name']], [Array(11).fill('a')], ['some'], [['a', 7]]])('are refused as %j', async (sources) => {
    const { engine } = bundle
    const refusal = { code: 'invalidArgument', details: { field: 'deadLetterSources' } }
    const deadLetterSources = sources as string[]
    await expect(engine.createQueue({ ...newKey(), deadLetterSources })).rejects.toMatchObject(refusal)
    const key = await newQueue()
    await expect(engine.updateQueue(key, { deadLetterSources })).rejects.toMatchObject(refusal)
  })

  it('are compared without their order when a queue is created again', async () => {
    const { engine } = bundle
    const key = await newQueue({ deadLetterSources: ['a', 'b'] })
    expect(await engine.createQueue({ ...key, deadLetterSources: ['b', 'a'] })).toMatchObject({ created: false })
    const refusal = { code: 'queueExists', details: { field: 'deadLetterSources' } }
    for (const deadLetterSources of [['a'], ['a', 'c'], 'all', 'none'] as const) {
      await expect(engine.createQueue({ ...key, deadLetterSources })).rejects.toMatchObject(refusal)
    }
  })
})

describe('the list of sources', () => {
  it('holds the queues of the account that name the queue, by pages', async () => {
    const { engine } = bundle
    const target = await newQueue()
    expect(await engine.listDeadLetterSources(target, { limit: 10 })).toEqual({ queues: [], next: undefined })
    const names: string[] = []
    for (let i = 0; i < 3; i++) names.push((await newQueue({ deadLetter: to(target) })).name)
    names.sort()
    const other = { ...target, accountId: '222222222222' }
    await engine.createQueue(other)
    await engine.createQueue({ ...other, name: 'stranger', deadLetter: to(other) })
    const first = await engine.listDeadLetterSources(target, { limit: 2 })
    expect(first).toMatchObject({ queues: [{ name: names[0] }, { name: names[1] }], next: names[1] })
    const rest = await engine.listDeadLetterSources(target, { limit: 2, after: first.next as string })
    expect(rest).toMatchObject({ queues: [{ name: names[2] }], next: undefined })
    await expect(engine.listDeadLetterSources(target, { limit: 0 })).rejects.toMatchObject({ code: 'invalidArgument' })
    await expect(engine.listDeadLetterSources(newKey(), { limit: 1 })).rejects.toMatchObject({ code: 'queueNotFound' })
  })
})
