import { describe, expect, it } from '@jest/globals'
import type { QueueDescription } from '@stanchion/client'
import { checkForm, formOf, NEW_QUEUE, type QueueForm, toNewQueues, toQueueChange } from './queue-form.ts'

const form = (change: Partial<QueueForm> = {}): QueueForm => ({ ...NEW_QUEUE, name: 'orders', ...change })
const QUEUE: QueueDescription = {
  name: 'orders.fifo',
  kind: 'fifo',
  settings: {
    visibilityTimeoutSeconds: 60,
    delaySeconds: 0,
    retentionSeconds: 345_600,
    receiveWaitSeconds: 0,
    messageBytesMax: 1_048_576,
  },
  fifo: { contentBasedDeduplication: true, deduplicationScope: 'queue', throughputLimit: 'perQueue' },
  deadLetter: { queueName: 'orders-dead.fifo', receiveCountMax: 5 },
  deadLetterSources: ['*'],
  tags: { b: '2', a: '1' },
  createdAt: '2026-08-01T12:00:00.000Z',
  modifiedAt: '2026-08-01T12:00:00.000Z',
}

describe('the form of a new queue', () => {
  it('says no more than was chosen', () => {
    expect(checkForm(form())).toEqual({})
    expect(toNewQueues(form())).toEqual([{ name: 'orders' }])
    expect(toNewQueues(form({ settings: { ...NEW_QUEUE.settings, delaySeconds: 5 } }))).toEqual([
      { name: 'orders', settings: { delaySeconds: 5 } },
    ])
  })

  it('makes the dead-letter queue first, of the same kind, and keeps dead letters for two weeks', () => {
    const deadLetter = { mode: 'new', queueName: 'ignored', receiveCountMax: 3 } as const
    expect(toNewQueues(form({ kind: 'fifo', deadLetter }))).toEqual([
      { name: 'orders-dead.fifo', kind: 'fifo', settings: { retentionSeconds: 1_209_600 } },
      { name: 'orders.fifo', kind: 'fifo', deadLetter: { queueName: 'orders-dead.fifo', receiveCountMax: 3 } },
    ])
  })

  it('says nothing of FIFO for a standard queue, whatever was chosen before', () => {
    const fifo = { ...NEW_QUEUE.fifo, contentBasedDeduplication: true }
    expect(toNewQueues(form({ fifo }))).toEqual([{ name: 'orders' }])
    expect(toNewQueues(form({ fifo, kind: 'fifo' }))[0]).toMatchObject({ fifo: { contentBasedDeduplication: true } })
  })

  it('names what is wrong', () => {
    expect(checkForm(form({ name: '' }))).toHaveProperty('name')
    expect(checkForm(form({ name: 'a b' }))).toHaveProperty('name')
    expect(checkForm(form({ name: 'a.fifo', kind: 'fifo' }))).toHaveProperty('name')
    expect(checkForm(form({ name: 'a'.repeat(80) }))).toEqual({})
    expect(checkForm(form({ name: 'a'.repeat(76), kind: 'fifo' }))).toHaveProperty('name')
    const settings = { ...NEW_QUEUE.settings, receiveWaitSeconds: 21, retentionSeconds: '', delaySeconds: 1.5 } as const
    expect(checkForm(form({ settings }))).toEqual({
      receiveWaitSeconds: 'From 0 s to 20 s.',
      retentionSeconds: 'From 1 min to 365 d.',
      delaySeconds: 'From 0 s to 365 d.',
    })
    expect(checkForm(form({ deadLetter: { mode: 'existing', queueName: ' ', receiveCountMax: 0 } }))).toEqual({
      deadLetterQueue: expect.any(String),
      receiveCountMax: 'A whole number from 1 to 1,000.',
    })
    const row = { id: 0, key: 'team', value: '' }
    expect(checkForm(form({ tags: [row, { ...row, id: 1 }] }))).toEqual({ tags: 'Two tags have the same name.' })
    expect(checkForm(form({ tags: [{ ...row, key: '' }] }))).toEqual({ tags: 'Every tag needs a name.' })
  })

  it('does not mind the dead-letter queue while there is none', () => {
    expect(checkForm(form({ deadLetter: { mode: 'none', queueName: '', receiveCountMax: '' } }))).toEqual({})
  })
})

describe('the form of a queue that is there', () => {
  it('changes nothing when nothing was changed', () => {
    expect(checkForm(formOf(QUEUE))).toEqual({})
    expect(toQueueChange(formOf(QUEUE), QUEUE)).toEqual({})
  })

  it('sends what differs, all tags when one does, and null when dead letters are over', () => {
    const before = formOf(QUEUE)
    expect(toQueueChange({ ...before, settings: { ...before.settings, delaySeconds: 9 } }, QUEUE)).toEqual({
      settings: { delaySeconds: 9 },
    })
    expect(toQueueChange({ ...before, fifo: { ...before.fifo, contentBasedDeduplication: false } }, QUEUE)).toEqual({
      fifo: { contentBasedDeduplication: false },
    })
    expect(toQueueChange({ ...before, tags: before.tags.slice(1) }, QUEUE)).toEqual({ tags: { a: '1' } })
    expect(toQueueChange({ ...before, tags: [] }, QUEUE)).toEqual({ tags: {} })
    expect(toQueueChange({ ...before, deadLetter: { ...before.deadLetter, mode: 'none' } }, QUEUE)).toEqual({
      deadLetter: null,
    })
    expect(toQueueChange({ ...before, deadLetter: { ...before.deadLetter, receiveCountMax: 9 } }, QUEUE)).toEqual({
      deadLetter: { queueName: 'orders-dead.fifo', receiveCountMax: 9 },
    })
  })
})
