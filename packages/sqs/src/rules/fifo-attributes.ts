import { forbiddenAttributeValue, invalidAttributeValue, unknownAttribute } from '../errors/error-texts.ts'
import { SqsError } from '../errors/sqs-error.ts'

/** Attributes of FIFO queues alone. */
export const FIFO_ATTRIBUTES = [
  'FifoQueue',
  'ContentBasedDeduplication',
  'DeduplicationScope',
  'FifoThroughputLimit',
] as const

export type FifoAttribute = (typeof FIFO_ATTRIBUTES)[number]

/** What is asked for of a FIFO queue. */
export interface FifoChange {
  readonly contentBasedDeduplication?: boolean
  readonly deduplicationScope?: 'queue' | 'messageGroup'
  readonly throughputLimit?: 'perQueue' | 'perMessageGroupId'
}

const FLAGS: ReadonlyMap<string, boolean> = new Map([
  ['true', true],
  ['True', true],
  ['false', false],
  ['False', false],
])

export function isFifoAttribute(name: string): name is FifoAttribute {
  return FIFO_ATTRIBUTES.some((attribute) => attribute === name)
}

/** Whether the attributes of a new queue make it a FIFO queue. */
export function asksForFifo({ FifoQueue }: Readonly<Record<string, string>>): boolean {
  return FLAGS.get(FifoQueue ?? '') === true
}

/**
 * Reads one attribute that is given to a queue.
 * @throws SqsError `InvalidAttributeName` on a standard queue, `InvalidAttributeValue`
 */
export function readFifoAttribute(name: FifoAttribute, value: string, isFifo: boolean): FifoChange {
  if (!isFifo) throw notForStandard(name)
  switch (name) {
    case 'FifoQueue':
      // A queue is of one kind for ever, so the one legal value changes nothing.
      if (readFlag(name, value)) return {}
      throw forbiddenAttributeValue(name, 'Modifying queue type is not supported.')
    case 'ContentBasedDeduplication':
      return { contentBasedDeduplication: readFlag(name, value) }
    case 'DeduplicationScope':
      return { deduplicationScope: readOneOf(name, value, ['queue', 'messageGroup']) }
    case 'FifoThroughputLimit':
      return { throughputLimit: readOneOf(name, value, ['perQueue', 'perMessageGroupId']) }
  }
}

/** The two texts are as recorded. */
function notForStandard(name: FifoAttribute): SqsError {
  if (name === 'FifoQueue' || name === 'ContentBasedDeduplication') return unknownAttribute(name)
  return new SqsError('InvalidAttributeName', `You can specify the ${name} only when FifoQueue is set to true.`)
}

function readFlag(name: FifoAttribute, value: string): boolean {
  const flag = FLAGS.get(value)
  if (flag === undefined) throw invalidAttributeValue(name)
  return flag
}

function readOneOf<const Value extends string>(name: FifoAttribute, value: string, values: readonly Value[]): Value {
  const found = values.find((legal) => legal === value)
  if (found === undefined) throw invalidAttributeValue(name)
  return found
}
