import fc from 'fast-check'
import { mustEqual, settle } from '../allowed.ts'
import type { DeadLetter, FifoSettings, Settings } from '../doors/door.ts'
import type { Model } from '../model.ts'
import type { ModelQueue } from '../model-queue.ts'
import { command } from './command.ts'
import { DEAD_LETTERS, type Name, names, namesOfAnyKind } from './names.ts'

/** Waits are settings like others here: a receive always says that it does not wait. */
const settings: fc.Arbitrary<Partial<Settings>> = fc.record(
  {
    visibilityTimeoutSeconds: fc.constantFrom(30, 0, 60),
    delaySeconds: fc.constantFrom(0, 20),
    receiveWaitSeconds: fc.constantFrom(0, 5),
    messageBytesMax: fc.constantFrom(1_048_576, 1_024),
    retentionSeconds: fc.constantFrom(345_600, 345_600, 345_600, 100),
  },
  { requiredKeys: [] },
)

const fifoSettings: fc.Arbitrary<FifoSettings> = fc.record({
  contentBasedDeduplication: fc.boolean(),
  deduplicationScope: fc.constantFrom('queue', 'messageGroup'),
})

const receiveCountMax = fc.option(fc.integer({ min: 1, max: 3 }), { nil: undefined })

/** Dead letters are not delayed. */
function settingsFor(name: Name, chosen: Partial<Settings>): Partial<Settings> {
  const { delaySeconds: _, ...rest } = chosen
  return name === 'dead' || name === 'grave' ? rest : chosen
}

function deadLetterFor(model: Model, name: Name, max: number | undefined): DeadLetter | undefined {
  const target = DEAD_LETTERS[name]
  return max === undefined || target === undefined
    ? undefined
    : { queueName: model.nameOf(target), receiveCountMax: max }
}

/** Which of the messages that could be received a longer delay of a FIFO queue hides again is promised nowhere (decision 0031). */
function delayFor(queue: ModelQueue | undefined, delaySeconds: number | undefined): Partial<Settings> {
  if (queue?.fifo === undefined || delaySeconds === undefined) return {}
  const isNew = queue.messages.some(({ receiveCount }) => receiveCount === 0)
  return isNew ? { delaySeconds: Math.min(delaySeconds, queue.settings.delaySeconds) } : {}
}

export const createQueue = command(
  'create',
  { queue: names, settings, fifo: fifoSettings, receiveCountMax },
  async ({ queue, settings, fifo, receiveCountMax }, model, door) => {
    const name = model.nameOf(queue)
    const deadLetter = deadLetterFor(model, queue, receiveCountMax)
    const input = {
      settings: settingsFor(queue, settings),
      tags: { made: 'here' },
      ...(model.flavour === 'fifo' ? { fifo } : {}),
      ...(deadLetter === undefined ? {} : { deadLetter }),
    }
    settle(model.createQueue(name, input), await door.createQueue(name, input))
  },
)

/** Creates a queue with the settings that it has, as a program does when it starts; and one that is gone, as it was at first. */
export const createAgainOf = (queue: fc.Arbitrary<Name>) =>
  command('create again', { queue }, async ({ queue }, model, door) => {
    const name = model.nameOf(queue)
    const existing = model.queues.get(name)
    const input = existing === undefined ? {} : { settings: existing.settings }
    settle(model.createQueue(name, input), await door.createQueue(name, input))
  })

export const createAgain = createAgainOf(namesOfAnyKind)

export const updateQueueOf = (
  queue: fc.Arbitrary<Name>,
  settings: fc.Arbitrary<Partial<Settings>>,
  receiveCountMax: fc.Arbitrary<number | undefined>,
) =>
  command('update', { queue, settings, receiveCountMax }, async ({ queue, settings, receiveCountMax }, model, door) => {
    const name = model.nameOf(queue)
    const chosen = settingsFor(queue, settings)
    // What is past a short retention cannot come back when it is made longer.
    const retentionSeconds = Math.min(
      chosen.retentionSeconds ?? Number.POSITIVE_INFINITY,
      model.queues.get(name)?.settings.retentionSeconds ?? Number.POSITIVE_INFINITY,
    )
    const change = {
      settings: {
        visibilityTimeoutSeconds: 30,
        ...chosen,
        ...(Number.isFinite(retentionSeconds) && { retentionSeconds }),
        ...delayFor(model.queues.get(name), chosen.delaySeconds),
      },
      deadLetter: deadLetterFor(model, queue, receiveCountMax) ?? null,
    }
    settle(model.updateQueue(name, change), await door.updateQueue(name, change))
  })

export const updateQueue = updateQueueOf(names, settings, receiveCountMax)

export const getQueue = command('get', { queue: names }, async ({ queue }, model, door) => {
  const name = model.nameOf(queue)
  settle(model.getQueue(name), await door.getQueue(name))
})

export const deleteQueueOf = (queue: fc.Arbitrary<Name>) =>
  command('delete queue', { queue }, async ({ queue }, model, door) => {
    const name = model.nameOf(queue)
    settle(model.deleteQueue(name), await door.deleteQueue(name))
  })

export const deleteQueue = deleteQueueOf(names)

export const purgeQueueOf = (queue: fc.Arbitrary<Name>) =>
  command('purge', { queue }, async ({ queue }, model, door) => {
    const name = model.nameOf(queue)
    settle(model.purgeQueue(name), await door.purgeQueue(name))
  })

export const purgeQueue = purgeQueueOf(names)

export const listQueues = command('list', {}, async (_, model, door) => {
  mustEqual(await door.listQueues(model.prefix), model.listQueues(), 'the names')
})

export const listSources = command('list sources', { queue: names }, async ({ queue }, model, door) => {
  const name = model.nameOf(queue)
  settle(model.listSources(name), await door.listSources(name))
})

export const countMessages = command('count', { queue: names }, async ({ queue }, model, door) => {
  const name = model.nameOf(queue)
  settle(model.countMessages(name), await door.countMessages(name))
})

const key = fc.constantFrom('team', 'ü / +')

export const tagQueue = command(
  'tag',
  { queue: names, key, value: fc.constantFrom('', 'x', 'ü = 1') },
  async ({ queue, key, value }, model, door) => {
    const name = model.nameOf(queue)
    settle(model.tag(name, { [key]: value }), await door.tag(name, { [key]: value }))
  },
)

export const untagQueue = command('untag', { queue: names, key }, async ({ queue, key }, model, door) => {
  const name = model.nameOf(queue)
  settle(model.untag(name, [key]), await door.untag(name, [key]))
})
