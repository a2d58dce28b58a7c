import { Option } from '@commander-js/extra-typings'
import type { QueueChange } from '@stanchion/client'
import { usageError } from '../../cli-error.ts'
import { collectTag, parseBoolean, parseInteger, parseSources } from '../../input/option-values.ts'

/** The settings of a queue as options; what is absent is left as it is, or to its default. */
export const settingOptions = {
  visibilityTimeoutSeconds: new Option(
    '--visibility-timeout-seconds <n>',
    'how long a received message stays leased when the receive does not say',
  ).argParser(parseInteger),
  delaySeconds: new Option(
    '--delay-seconds <n>',
    'how long a sent message stays delayed when the send does not say',
  ).argParser(parseInteger),
  retentionSeconds: new Option(
    '--retention-seconds <n>',
    'how long a message is kept when nobody deletes it',
  ).argParser(parseInteger),
  receiveWaitSeconds: new Option(
    '--receive-wait-seconds <n>',
    'how long a receive waits for a message when it does not say',
  ).argParser(parseInteger),
  messageBytesMax: new Option(
    '--message-bytes-max <n>',
    'how large a message may be, body and attributes together',
  ).argParser(parseInteger),
  deadLetterQueue: new Option('--dead-letter-queue <name>', 'where messages go that were received in vain'),
  receiveCountMax: new Option(
    '--receive-count-max <n>',
    'how often a message is delivered before it goes to the dead-letter queue',
  ).argParser(parseInteger),
  deadLetterSources: new Option(
    '--dead-letter-sources <names>',
    'which queues may use this one as their dead-letter queue: all, none, or names with commas between them',
  ).argParser(parseSources),
  contentBasedDeduplication: new Option(
    '--content-based-deduplication <true|false>',
    'FIFO: whether the SHA-256 of a body serves as its deduplication id',
  ).argParser(parseBoolean),
  deduplicationScope: new Option('--deduplication-scope <scope>', 'FIFO: where a deduplication id is taken').choices([
    'queue',
    'messageGroup',
  ] as const),
  throughputLimit: new Option(
    '--throughput-limit <limit>',
    'FIFO: kept for clients of Amazon SQS; limits nothing',
  ).choices(['perQueue', 'perMessageGroupId'] as const),
  tag: new Option('--tag <key=value>', 'a label; give it once for each').argParser(collectTag),
} as const

/** The values of {@link settingOptions}. */
export interface SettingValues {
  readonly visibilityTimeoutSeconds?: number | undefined
  readonly delaySeconds?: number | undefined
  readonly retentionSeconds?: number | undefined
  readonly receiveWaitSeconds?: number | undefined
  readonly messageBytesMax?: number | undefined
  readonly deadLetterQueue?: string | undefined
  readonly receiveCountMax?: number | undefined
  readonly deadLetterSources?: string[] | undefined
  readonly contentBasedDeduplication?: boolean | undefined
  readonly deduplicationScope?: 'queue' | 'messageGroup' | undefined
  readonly throughputLimit?: 'perQueue' | 'perMessageGroupId' | undefined
  readonly tag?: Record<string, string> | undefined
}

/** What the REST API is asked for. @throws CliError when one half of the dead-letter settings is missing */
export function toQueueChange(values: SettingValues): Omit<QueueChange, 'deadLetter' | 'scaling'> & {
  readonly deadLetter?: NonNullable<QueueChange['deadLetter']>
} {
  const { deadLetterQueue, receiveCountMax } = values
  if ((deadLetterQueue === undefined) !== (receiveCountMax === undefined)) {
    throw usageError('--dead-letter-queue and --receive-count-max belong together: give both or none.')
  }
  return withoutAbsent({
    settings: withoutAbsent({
      visibilityTimeoutSeconds: values.visibilityTimeoutSeconds,
      delaySeconds: values.delaySeconds,
      retentionSeconds: values.retentionSeconds,
      receiveWaitSeconds: values.receiveWaitSeconds,
      messageBytesMax: values.messageBytesMax,
    }),
    fifo: withoutAbsent({
      contentBasedDeduplication: values.contentBasedDeduplication,
      deduplicationScope: values.deduplicationScope,
      throughputLimit: values.throughputLimit,
    }),
    deadLetter:
      deadLetterQueue === undefined || receiveCountMax === undefined
        ? undefined
        : { queueName: deadLetterQueue, receiveCountMax },
    deadLetterSources: values.deadLetterSources,
    tags: values.tag,
  })
}

type Present<T> = { [K in keyof T]?: Exclude<T[K], undefined> }

/** The members that are there; `undefined` when none is. */
function withoutAbsent<T extends object>(members: T): Present<T> {
  return Object.fromEntries(
    Object.entries(members).filter(
      ([, value]) => value !== undefined && !(isPlain(value) && Object.keys(value).length === 0),
    ),
  ) as Present<T>
}

function isPlain(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
