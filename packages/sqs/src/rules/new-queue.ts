import { checkStatementCount } from '../policy/edit-policy.ts'
import { asksForFifo } from './fifo-attributes.ts'
import { type QueueAttributeChange, readQueueAttributes } from './queue-attributes.ts'
import { checkNewQueueName, isFifoQueueName, requireQueueName } from './queue-name.ts'
import { checkTags } from './tags.ts'
import { SQS_TIME_LIMITS, type TimeLimits } from './time-limits.ts'

interface CreateParameters {
  readonly QueueName?: string | undefined
  readonly Attributes?: Readonly<Record<string, string>> | undefined
  readonly tags?: Readonly<Record<string, string>> | undefined
}

/** A queue that CreateQueue asks for, read and checked. */
interface NewQueueRequest {
  readonly name: string
  readonly attributes: QueueAttributeChange
  readonly tags: Readonly<Record<string, string>>
}

/**
 * The rules of a new queue, in the order in which Amazon looks at its parts.
 * @throws SqsError `InvalidAttributeName`, `InvalidAttributeValue`, `InvalidParameterValueException`
 */
export function readNewQueue(
  { QueueName, Attributes = {}, tags = {} }: CreateParameters,
  limits: TimeLimits = SQS_TIME_LIMITS,
): NewQueueRequest {
  const isFifo = asksForFifo(Attributes)
  // The attributes come before the name, but those of a queue that would be of neither kind mean nothing.
  if (QueueName !== undefined && isFifoQueueName(QueueName)) checkNewQueueName(QueueName, isFifo)
  const attributes = readQueueAttributes(Attributes, isFifo, limits)
  checkStatementCount(attributes.policy?.statementCount ?? 0, true)
  const name = requireQueueName(QueueName)
  checkNewQueueName(name, isFifo)
  checkTags(name, tags)
  return { name, attributes, tags }
}
