import { QueueError } from '../errors.ts'
import { LIMITS, QUEUE_SETTING_RANGES, type QueueSettingRanges } from '../limits.ts'
import type { DeadLetterSettings, DeadLetterSources, FifoSettings, QueueKey, QueueSettings } from '../types.ts'

const SETTING_NAMES = Object.keys(QUEUE_SETTING_RANGES) as (keyof QueueSettings)[]
const QUEUE_NAME = /^[A-Za-z0-9_-]{1,80}$/
const FIFO_QUEUE_NAME = /^[A-Za-z0-9_-]{1,75}\.fifo$/
const TAG_TEXT = /^[\p{L}\p{N}\p{Z}_.:/=+\-@]*$/u

/** @throws QueueError `invalidQueueName` */
export function checkQueueKey({ accountId, name }: QueueKey, isFifo: boolean): void {
  if (!/^\d{12}$/.test(accountId))
    throw new QueueError('invalidArgument', 'An account id has twelve digits.', { field: 'accountId' })
  if (isFifo && !FIFO_QUEUE_NAME.test(name)) {
    throw new QueueError(
      'invalidQueueName',
      'The name of a FIFO queue has letters, digits, "-" and "_", and ends in ".fifo", which counts into its 80 characters.',
      {
        field: 'name',
      },
    )
  }
  if (!isFifo && !QUEUE_NAME.test(name)) {
    const text = FIFO_QUEUE_NAME.test(name)
      ? 'A name that ends in ".fifo" is that of a FIFO queue, and this is to be a standard queue.'
      : 'A queue name has 1 to 80 letters, digits, "-" and "_".'
    throw new QueueError('invalidQueueName', text, { field: 'name' })
  }
}

/** The error of one setting's value, or `undefined` when it is in its range. */
export function checkSetting(
  ranges: QueueSettingRanges,
  name: keyof QueueSettings,
  value: number,
): QueueError | undefined {
  const { min, max } = ranges[name]
  if (Number.isInteger(value) && value >= min && value <= max) return undefined
  return new QueueError('invalidArgument', `${name} is a whole number from ${min} to ${max}.`, { field: name })
}

/** @throws QueueError `invalidArgument` naming the first setting that is unknown or out of range */
export function checkSettings(ranges: QueueSettingRanges, settings: Partial<QueueSettings>): void {
  for (const [name, value] of Object.entries(settings)) {
    if (!SETTING_NAMES.includes(name as keyof QueueSettings)) {
      throw new QueueError('invalidArgument', `${name} is not a setting of a queue.`, { field: name })
    }
    if (value === undefined) continue
    const error = checkSetting(ranges, name as keyof QueueSettings, value)
    if (error !== undefined) throw error
  }
}

const FIFO_VALUES: { readonly [Name in keyof FifoSettings]: readonly FifoSettings[Name][] } = {
  contentBasedDeduplication: [false, true],
  deduplicationScope: ['queue', 'messageGroup'],
  throughputLimit: ['perQueue', 'perMessageGroupId'],
}

/**
 * The FIFO settings with a change applied.
 * @throws QueueError `invalidArgument` when a setting is unknown, or the two that belong together do not fit
 */
export function withFifoChange(settings: FifoSettings, change: Partial<FifoSettings>): FifoSettings {
  for (const [name, value] of Object.entries(change)) {
    const values: readonly unknown[] | undefined = FIFO_VALUES[name as keyof FifoSettings]
    if (values?.includes(value)) continue
    throw new QueueError('invalidArgument', `${name} cannot have this value.`, { field: name })
  }
  const changed = { ...settings, ...change }
  if (changed.throughputLimit === 'perMessageGroupId' && changed.deduplicationScope !== 'messageGroup') {
    throw new QueueError(
      'invalidArgument',
      'throughputLimit perMessageGroupId needs deduplicationScope messageGroup.',
      {
        field: 'throughputLimit',
      },
    )
  }
  return changed
}

/** @throws QueueError `invalidArgument`; whether the target is there and may be used is not asked here */
export function checkDeadLetter({ queueName, receiveCountMax }: DeadLetterSettings): void {
  if (!isQueueName(queueName)) throw invalid('deadLetter.queueName', 'deadLetter.queueName is not the name of a queue.')
  const isInRange = receiveCountMax >= 1 && receiveCountMax <= LIMITS.receiveCountMaxMax
  if (Number.isInteger(receiveCountMax) && isInRange) return
  throw invalid(
    'deadLetter.receiveCountMax',
    `deadLetter.receiveCountMax is a whole number from 1 to ${LIMITS.receiveCountMaxMax}.`,
  )
}

/** @throws QueueError `invalidArgument` */
export function checkDeadLetterSources(sources: DeadLetterSources): void {
  if (sources === 'all' || sources === 'none') return
  const isList = Array.isArray(sources) && sources.length >= 1 && sources.length <= LIMITS.deadLetterSourcesMax
  if (isList && sources.every((name) => typeof name === 'string' && isQueueName(name))) return
  throw invalid(
    'deadLetterSources',
    `deadLetterSources is "all", "none", or a list of 1 to ${LIMITS.deadLetterSourcesMax} queue names.`,
  )
}

/**
 * Whether a queue may have this one, as it is now, for its dead-letter queue.
 * @throws QueueError `deadLetterQueueKindDiffers`, `deadLetterQueueForbidden`
 */
export function checkDeadLetterTarget(
  source: { readonly name: string; readonly isFifo: boolean },
  target: { readonly isFifo: boolean; readonly deadLetterSources: DeadLetterSources },
): void {
  const details = { field: 'deadLetter.queueName' }
  if (source.isFifo !== target.isFifo) {
    throw new QueueError(
      'deadLetterQueueKindDiffers',
      'The dead-letter queue of a FIFO queue is a FIFO queue, that of a standard queue a standard queue.',
      details,
    )
  }
  const { deadLetterSources } = target
  if (deadLetterSources === 'all' || (deadLetterSources !== 'none' && deadLetterSources.includes(source.name))) return
  throw new QueueError('deadLetterQueueForbidden', 'The dead-letter queue does not allow this queue.', details)
}

/** Whether two lists of sources mean the same; their order means nothing. */
export function areSameSources(a: DeadLetterSources, b: DeadLetterSources): boolean {
  if (typeof a === 'string' || typeof b === 'string') return a === b
  return a.every((name) => b.includes(name)) && b.every((name) => a.includes(name))
}

function isQueueName(name: string): boolean {
  return QUEUE_NAME.test(name) || FIFO_QUEUE_NAME.test(name)
}

function invalid(field: string, text: string): QueueError {
  return new QueueError('invalidArgument', text, { field })
}

/** The FIFO settings that hold when none are given. */
export const FIFO_DEFAULTS: FifoSettings = {
  contentBasedDeduplication: false,
  deduplicationScope: 'queue',
  throughputLimit: 'perQueue',
}

/** The settings of a new queue. */
export function withDefaults(settings: Partial<QueueSettings>): QueueSettings {
  const entries = SETTING_NAMES.map((name) => [name, settings[name] ?? QUEUE_SETTING_RANGES[name].default])
  return Object.fromEntries(entries) as unknown as QueueSettings
}

/** The first setting given whose value differs from the queue's. */
export function differingSetting(
  given: Partial<QueueSettings>,
  actual: QueueSettings,
): keyof QueueSettings | undefined {
  return SETTING_NAMES.find((name) => given[name] !== undefined && given[name] !== actual[name])
}

/** @throws QueueError `invalidArgument` when a tag breaks the rules, or there are too many */
export function checkTags(tags: Readonly<Record<string, string>>): void {
  const entries = Object.entries(tags)
  if (entries.length > LIMITS.tagsMax) {
    throw new QueueError('invalidArgument', `A queue has at most ${LIMITS.tagsMax} tags.`, { field: 'tags' })
  }
  for (const [key, value] of entries) {
    if (key.length < 1 || key.length > LIMITS.tagKeyLengthMax || !TAG_TEXT.test(key) || /^aws:/i.test(key)) {
      throw new QueueError(
        'invalidArgument',
        'A tag key has 1 to 128 letters, digits, spaces and _ . : / = + - @, and does not begin with "aws:".',
        { field: 'tags' },
      )
    }
    if (value.length > LIMITS.tagValueLengthMax || !TAG_TEXT.test(value)) {
      throw new QueueError(
        'invalidArgument',
        'A tag value has up to 256 letters, digits, spaces and _ . : / = + - @.',
        {
          field: 'tags',
        },
      )
    }
  }
}
