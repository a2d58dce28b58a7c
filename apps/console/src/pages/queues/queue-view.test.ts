import { describe, expect, it } from '@jest/globals'
import { statisticsOf } from '../../../test/helpers/statistics-of.ts'
import {
  addUp,
  allTags,
  applyView,
  EVERY_QUEUE,
  isFiltered,
  type QueueView,
  readView,
  toQueueRow,
  writeView,
} from './queue-view.ts'

const QUEUES = [
  statisticsOf({ name: 'emails', visible: 7, sentPerSecond: 2, deletedPerSecond: 1, tags: { team: 'growth' } }),
  statisticsOf({ name: 'orders', tags: { team: 'shop', env: 'production' }, recentVisible: [1, 2, 3] }),
  statisticsOf({ name: 'orders-dead', deadLetterSources: ['orders'], visible: 4, oldestMessageAgeSeconds: 60 }),
  statisticsOf({ name: 'payments.fifo', kind: 'fifo', inFlight: 9, oldestMessageAgeSeconds: 10, recentVisible: [5] }),
].map(toQueueRow)
const namesOf = (view: Partial<QueueView>) => applyView(QUEUES, { ...EVERY_QUEUE, ...view }).map(({ name }) => name)

describe('the view of all queues', () => {
  it('finds queues by all words, in the name or a tag, in whatever case', () => {
    expect(namesOf({ text: 'ORD' })).toEqual(['orders', 'orders-dead'])
    expect(namesOf({ text: ' team=shop  orders ' })).toEqual(['orders'])
    expect(namesOf({ text: 'orders emails' })).toEqual([])
    expect(namesOf({ text: '  ' })).toHaveLength(4)
  })

  it('finds queues by kind, tags, messages and problems, all together', () => {
    expect(namesOf({ kind: 'fifo' })).toEqual(['payments.fifo'])
    expect(namesOf({ tags: ['team=shop', 'env=production'] })).toEqual(['orders'])
    expect(namesOf({ tags: ['team=shop', 'team=growth'] })).toEqual([])
    expect(namesOf({ withMessages: true })).toEqual(['emails', 'orders-dead', 'payments.fifo'])
    expect(namesOf({ withProblems: true })).toEqual(['orders-dead'])
    expect(namesOf({ withProblems: true, kind: 'fifo' })).toEqual([])
  })

  it('sorts by every column both ways, and leaves the given queues as they are', () => {
    expect(namesOf({ isDescending: true })).toEqual(['payments.fifo', 'orders-dead', 'orders', 'emails'])
    expect(namesOf({ sort: 'ready', isDescending: true })).toEqual(['emails', 'orders-dead', 'orders', 'payments.fifo'])
    expect(namesOf({ sort: 'age' })).toEqual(['emails', 'orders', 'payments.fifo', 'orders-dead'])
    expect(namesOf({ sort: 'leased', isDescending: true })[0]).toBe('payments.fifo')
    expect(namesOf({ sort: 'in', isDescending: true })[0]).toBe('emails')
    expect(QUEUES[0]?.name).toBe('emails')
  })

  it('stands in the address and is read back as it was', () => {
    const view: QueueView = {
      text: 'a&b =',
      kind: 'fifo',
      withMessages: true,
      withProblems: true,
      tags: ['team=a&b', 'x='],
      sort: 'age',
      isDescending: true,
    }
    expect(readView(new URLSearchParams(writeView(view).toString()))).toEqual(view)
    expect(writeView(EVERY_QUEUE).toString()).toBe('')
    expect(isFiltered(view)).toBe(true)
    expect(isFiltered({ ...EVERY_QUEUE, sort: 'age', isDescending: true })).toBe(false)
  })

  it('reads an address that means nothing as every queue', () => {
    expect(readView(new URLSearchParams('kind=none&sort=-nothing&other=1'))).toEqual({
      ...EVERY_QUEUE,
      isDescending: true,
    })
    expect(readView(new URLSearchParams())).toEqual(EVERY_QUEUE)
  })

  it('adds up all queues, dead letters by themselves, and minutes from now on back', () => {
    expect(addUp(QUEUES)).toEqual({
      queues: 4,
      visible: 11,
      inFlight: 9,
      delayed: 0,
      sentPerSecond: 2,
      deletedPerSecond: 1,
      deadLetters: 4,
      deadLetterQueues: 1,
      withProblems: 1,
      recentVisible: [1, 2, 8],
    })
    expect(addUp([])).toMatchObject({ queues: 0, recentVisible: [] })
    expect(allTags(QUEUES)).toEqual(['env=production', 'team=growth', 'team=shop'])
  })
})
