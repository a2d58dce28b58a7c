import { type Engine, type NewQueue, type Queue, QueueError } from '@stanchion/queue'
import { createQueue, readNewQueue } from '@stanchion/sqs'
import { accountOperation } from '../operation.ts'
import { MANAGED_SSE, MANAGED_SSE_DEFAULT, toQueueChange } from '../queue-settings.ts'
import { queueUrl } from '../queue-url.ts'
import { ALLOW_POLICY, ALLOW_POLICY_DEFAULT, aboutRedrivePolicy } from '../redrive-settings.ts'

export const createQueueOperation = accountOperation(createQueue, async (call, input) => {
  const { name, attributes, tags } = readNewQueue(input, call.context.timeLimits)
  const { accountId } = call.caller
  const { annotations, ...change } = toQueueChange(attributes, { region: call.context.region, accountId })
  const newQueue = { accountId, name, tags, ...change, annotations: withoutNulls(annotations) }
  const queue = await aboutRedrivePolicy(attributes.redrive, create(call.context.engine, newQueue))
  return { QueueUrl: queueUrl(call, queue.name) }
})

/** A queue that is new has nothing to remove. */
function withoutNulls(annotations: Readonly<Record<string, string | null>>): Record<string, string> {
  return Object.fromEntries(Object.entries(annotations).filter((entry): entry is [string, string] => entry[1] !== null))
}

/** What a queue without these annotations has. */
const DEFAULTS: Readonly<Record<string, string>> = {
  [MANAGED_SSE]: MANAGED_SSE_DEFAULT,
  [ALLOW_POLICY]: ALLOW_POLICY_DEFAULT,
}

/** A queue without an annotation has its default, so asking for the default is no conflict. */
async function create(engine: Engine, input: NewQueue): Promise<Queue> {
  try {
    return (await engine.createQueue(input)).queue
  } catch (error) {
    const field = error instanceof QueueError && error.code === 'queueExists' ? error.details.field : undefined
    const { [field ?? '']: given, ...others } = input.annotations ?? {}
    if (field === undefined || given === undefined || given !== DEFAULTS[field]) throw error
    if ((await engine.getQueue(input)).annotations[field] !== undefined) throw error
    return create(engine, { ...input, annotations: others })
  }
}
