import type { QueueStatistics } from '@stanchion/client'
import { type QueueProblem, queueProblems, storedMessages } from '../../health/queue-problems.ts'

/** A queue as the overview shows it: its numbers, and what follows from them. */
export interface QueueRow extends QueueStatistics {
  readonly stored: number
  readonly problems: readonly QueueProblem[]
}

export function toQueueRow(queue: QueueStatistics): QueueRow {
  return { ...queue, stored: storedMessages(queue), problems: queueProblems(queue) }
}

export const SORT_KEYS = ['name', 'ready', 'leased', 'delayed', 'age', 'in', 'out'] as const
export type SortKey = (typeof SORT_KEYS)[number]

/** Which queues of the overview are seen, and in which order. It stands in the address, so that it can be shared. */
export interface QueueView {
  /** Words that the name or a tag must all hold. */
  readonly text: string
  readonly kind: 'all' | 'standard' | 'fifo'
  readonly withMessages: boolean
  readonly withProblems: boolean
  /** `key=value`, all of which a queue must have. */
  readonly tags: readonly string[]
  readonly sort: SortKey
  readonly isDescending: boolean
}

export const EVERY_QUEUE: QueueView = {
  text: '',
  kind: 'all',
  withMessages: false,
  withProblems: false,
  tags: [],
  sort: 'name',
  isDescending: false,
}

/** Reads a view from an address; what it does not know is left out. */
export function readView(search: URLSearchParams): QueueView {
  const kind = search.get('kind')
  const [, minus = '', sort = 'name'] = /^(-?)(.*)$/.exec(search.get('sort') ?? '') ?? []
  return {
    text: search.get('q') ?? '',
    kind: kind === 'standard' || kind === 'fifo' ? kind : 'all',
    withMessages: search.has('messages'),
    withProblems: search.has('problems'),
    tags: search.getAll('tag'),
    sort: SORT_KEYS.find((key) => key === sort) ?? 'name',
    isDescending: minus === '-',
  }
}

/** Writes a view into an address; what is as usual is left out. */
export function writeView(view: QueueView): URLSearchParams {
  const search = new URLSearchParams()
  if (view.text !== '') search.set('q', view.text)
  if (view.kind !== 'all') search.set('kind', view.kind)
  if (view.withMessages) search.set('messages', '')
  if (view.withProblems) search.set('problems', '')
  for (const tag of view.tags) search.append('tag', tag)
  if (view.sort !== 'name' || view.isDescending) search.set('sort', `${view.isDescending ? '-' : ''}${view.sort}`)
  return search
}

/** Whether a view leaves queues out. */
export function isFiltered(view: QueueView): boolean {
  return (
    view.text.trim() !== '' || view.kind !== 'all' || view.withMessages || view.withProblems || view.tags.length > 0
  )
}

/** The queues of a view, in its order; equals stay in the order of their names. */
export function applyView(queues: readonly QueueRow[], view: QueueView): QueueRow[] {
  const words = view.text.toLowerCase().split(/\s+/).filter(Boolean)
  const shown = queues.filter(
    (queue) =>
      (view.kind === 'all' || queue.kind === view.kind) &&
      (!view.withMessages || queue.stored > 0) &&
      (!view.withProblems || queue.problems.length > 0) &&
      (view.tags.length === 0 || hasTags(queue, view.tags)) &&
      (words.length === 0 || hasWords(queue, words)),
  )
  if (view.sort === 'name') return view.isDescending ? shown.reverse() : shown
  const sortValue = SORT_VALUES[view.sort]
  const sign = view.isDescending ? -1 : 1
  return shown.sort((a, b) => sign * (sortValue(a) - sortValue(b)))
}

const SORT_VALUES: Readonly<Record<Exclude<SortKey, 'name'>, (queue: QueueRow) => number>> = {
  ready: ({ visible }) => visible,
  leased: ({ inFlight }) => inFlight,
  delayed: ({ delayed }) => delayed,
  // An empty queue is younger than any message.
  age: ({ oldestMessageAgeSeconds }) => oldestMessageAgeSeconds ?? -1,
  in: ({ sentPerSecond }) => sentPerSecond,
  out: ({ deletedPerSecond }) => deletedPerSecond,
}

function hasTags(queue: QueueRow, tags: readonly string[]): boolean {
  const own = tagsOf(queue)
  return tags.every((tag) => own.includes(tag))
}

function hasWords(queue: QueueRow, words: readonly string[]): boolean {
  const text = [queue.name, ...tagsOf(queue)].join('\n').toLowerCase()
  return words.every((word) => text.includes(word))
}

/** The tags of a queue as they are written: `key=value`. */
export function tagsOf({ tags }: Pick<QueueRow, 'tags'>): string[] {
  return Object.entries(tags).map(([key, value]) => `${key}=${value}`)
}

/** Every tag that a queue has, sorted. */
export function allTags(queues: readonly QueueRow[]): string[] {
  return [...new Set(queues.flatMap(tagsOf))].sort()
}

/** All queues added up. */
export interface AccountTotals {
  readonly queues: number
  readonly visible: number
  readonly inFlight: number
  readonly delayed: number
  readonly sentPerSecond: number
  readonly deletedPerSecond: number
  /** Messages that wait in dead-letter queues. */
  readonly deadLetters: number
  readonly deadLetterQueues: number
  /** Queues with a problem. */
  readonly withProblems: number
  /** Messages that could be received, a number a minute, the oldest first. */
  readonly recentVisible: readonly number[]
}

export function addUp(queues: readonly QueueRow[]): AccountTotals {
  const totals = {
    queues: queues.length,
    visible: 0,
    inFlight: 0,
    delayed: 0,
    sentPerSecond: 0,
    deletedPerSecond: 0,
    deadLetters: 0,
    deadLetterQueues: 0,
    withProblems: 0,
  }
  const minutes = queues.reduce((most, { recentVisible }) => Math.max(most, recentVisible.length), 0)
  const recentVisible = Array.from({ length: minutes }, () => 0)
  for (const queue of queues) {
    totals.visible += queue.visible
    totals.inFlight += queue.inFlight
    totals.delayed += queue.delayed
    totals.sentPerSecond += queue.sentPerSecond
    totals.deletedPerSecond += queue.deletedPerSecond
    if (queue.problems.length > 0) totals.withProblems++
    if (queue.deadLetterSources.length > 0) {
      totals.deadLetterQueues++
      totals.deadLetters += queue.stored
    }
    // They all end now; younger queues have fewer.
    const start = minutes - queue.recentVisible.length
    queue.recentVisible.forEach((value, index) => {
      recentVisible[start + index] = (recentVisible[start + index] ?? 0) + value
    })
  }
  return { ...totals, recentVisible }
}
