import type { NewQueue, QueueChange, QueueDescription } from '@stanchion/client'
import { formatBytes, formatDuration } from '../components/format.ts'
import { type NumericSetting, SETTINGS, type SettingText } from './settings.ts'

/** A number of an input; empty while nothing is in it. */
export type Amount = number | ''

/** What stands in the form of a queue. */
export interface QueueForm {
  /** Without `.fifo`. */
  readonly name: string
  readonly kind: 'standard' | 'fifo'
  readonly settings: Readonly<Record<NumericSetting, Amount>>
  readonly fifo: Required<NonNullable<QueueDescription['fifo']>>
  readonly deadLetter: {
    readonly mode: 'none' | 'new' | 'existing'
    /** That of the one that exists. */
    readonly queueName: string
    readonly receiveCountMax: Amount
  }
  readonly tags: readonly TagRow[]
}

export interface TagRow {
  /** Tells rows apart while they are typed. */
  readonly id: number
  readonly key: string
  readonly value: string
}

/** What is wrong with a form, by the member that it is about. */
export type FormErrors = Partial<
  Record<NumericSetting | 'name' | 'deadLetterQueue' | 'receiveCountMax' | 'tags', string>
>

const FIFO_SUFFIX = '.fifo'
const NAME_LENGTH_MAX = 80
const NAME = /^[A-Za-z0-9_-]+$/
/** Whoever looks at dead letters needs time, and their age goes on counting when they move. */
const DEAD_LETTER_RETENTION_SECONDS = 1_209_600
const RECEIVE_COUNT_MAX = 1_000

export const NEW_QUEUE: QueueForm = {
  name: '',
  kind: 'standard',
  settings: Object.fromEntries(SETTINGS.map(({ id, usual }) => [id, usual])) as Record<NumericSetting, number>,
  fifo: { contentBasedDeduplication: false, deduplicationScope: 'queue', throughputLimit: 'perQueue' },
  deadLetter: { mode: 'none', queueName: '', receiveCountMax: 5 },
  tags: [],
}

/** The form of a queue as it is. */
export function formOf(queue: QueueDescription): QueueForm {
  const { name, kind, settings, fifo, deadLetter, tags } = queue
  return {
    ...NEW_QUEUE,
    name: kind === 'fifo' ? name.slice(0, -FIFO_SUFFIX.length) : name,
    kind,
    settings,
    ...(fifo === undefined ? {} : { fifo }),
    ...(deadLetter === undefined ? {} : { deadLetter: { mode: 'existing', ...deadLetter } }),
    tags: Object.entries(tags).map(([key, value], id) => ({ id, key, value })),
  }
}

/** The whole name that a form stands for. */
export function nameOf({ name, kind }: Pick<QueueForm, 'name' | 'kind'>): string {
  return kind === 'fifo' ? `${name}${FIFO_SUFFIX}` : name
}

/** The name of the dead-letter queue that is made beside a new queue. */
export function deadLetterNameOf({ name, kind }: Pick<QueueForm, 'name' | 'kind'>): string {
  return nameOf({ name: `${name}-dead`, kind })
}

/** What must be mended before a form can be sent. */
export function checkForm(form: QueueForm): FormErrors {
  const errors: FormErrors = {}
  if (!NAME.test(form.name)) errors.name = 'A name has letters, digits, - and _, and nothing else.'
  else if (longestName(form).length > NAME_LENGTH_MAX) {
    errors.name = `${longestName(form)} is longer than ${NAME_LENGTH_MAX} characters.`
  }
  for (const setting of SETTINGS) {
    const problem = checkAmount(form.settings[setting.id], setting)
    if (problem !== undefined) errors[setting.id] = problem
  }
  const { mode, queueName, receiveCountMax } = form.deadLetter
  if (mode === 'existing' && queueName.trim() === '') errors.deadLetterQueue = 'Name the queue that takes dead letters.'
  if (mode !== 'none' && !isBetween(receiveCountMax, 1, RECEIVE_COUNT_MAX)) {
    errors.receiveCountMax = `A whole number from 1 to ${RECEIVE_COUNT_MAX.toLocaleString('en')}.`
  }
  const keys = form.tags.map(({ key }) => key)
  if (keys.includes('')) errors.tags = 'Every tag needs a name.'
  else if (new Set(keys).size < keys.length) errors.tags = 'Two tags have the same name.'
  return errors
}

const longestName = (form: QueueForm) => (form.deadLetter.mode === 'new' ? deadLetterNameOf(form) : nameOf(form))

function checkAmount(amount: Amount, { min, max, unit }: SettingText): string | undefined {
  if (isBetween(amount, min, max)) return undefined
  const words = unit === 'bytes' ? formatBytes : formatDuration
  return `From ${words(min)} to ${words(max)}.`
}

function isBetween(amount: Amount, min: number, max: number): boolean {
  return typeof amount === 'number' && Number.isInteger(amount) && amount >= min && amount <= max
}

/** The queues to be created for a form, in their order: the dead-letter queue first, where it is new, too. */
export function toNewQueues(form: QueueForm): NewQueue[] {
  const { mode } = form.deadLetter
  const kind = form.kind === 'fifo' ? { kind: form.kind } : {}
  const queue: NewQueue = {
    name: nameOf(form),
    ...kind,
    ...changeOf(form, NEW_QUEUE),
  }
  if (mode !== 'new') return [queue]
  return [
    { name: deadLetterNameOf(form), ...kind, settings: { retentionSeconds: DEAD_LETTER_RETENTION_SECONDS } },
    queue,
  ]
}

/** What a form changes about a queue; empty when nothing. */
export function toQueueChange(form: QueueForm, queue: QueueDescription): QueueChange {
  const change = changeOf(form, formOf(queue))
  const isOff = form.deadLetter.mode === 'none' && queue.deadLetter !== undefined
  return isOff ? { ...change, deadLetter: null } : change
}

/** The members of a form that differ from another one. The form must be without errors. */
function changeOf(form: QueueForm, before: QueueForm): Omit<NewQueue, 'name' | 'kind'> {
  const settings = differences(form.settings as Record<NumericSetting, number>, before.settings)
  const fifo = form.kind === 'fifo' ? differences(form.fifo, before.fifo) : {}
  const deadLetter = deadLetterOf(form)
  const tags = tagsOf(form)
  return {
    ...(isEmpty(settings) ? {} : { settings }),
    ...(isEmpty(fifo) ? {} : { fifo }),
    ...(deadLetter === undefined || isSame(deadLetter, deadLetterOf(before)) ? {} : { deadLetter }),
    ...(isSame(tags, tagsOf(before)) ? {} : { tags }),
  }
}

function deadLetterOf(form: QueueForm): NewQueue['deadLetter'] {
  const { mode, queueName, receiveCountMax } = form.deadLetter
  if (mode === 'none') return undefined
  return {
    queueName: mode === 'new' ? deadLetterNameOf(form) : queueName.trim(),
    receiveCountMax: Number(receiveCountMax),
  }
}

function tagsOf({ tags }: QueueForm): Record<string, string> {
  return Object.fromEntries(tags.map(({ key, value }) => [key, value]).sort())
}

function differences<Values extends object>(now: Values, before: object): Partial<Values> {
  return Object.fromEntries(
    Object.entries(now).filter(([key, value]) => (before as Record<string, unknown>)[key] !== value),
  ) as Partial<Values>
}

const isEmpty = (values: object) => Object.keys(values).length === 0
const isSame = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b)
