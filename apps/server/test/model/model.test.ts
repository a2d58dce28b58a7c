import { afterAll, beforeAll, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { settle } from './allowed.ts'
import { commands } from './commands/index.ts'
import type { QueueInput } from './doors/door.ts'
import { checkContents } from './look.ts'
import { type Flavour, Model } from './model.ts'
import { Tally } from './tally.ts'
import { World } from './world.ts'

/** Sequences for each kind of queue. */
const RUNS = Number(process.env.STANCHION_MODEL_RUNS ?? 10)
const isUsual = process.env.STANCHION_MODEL_RUNS === undefined && process.env.STANCHION_MODEL_SEED === undefined
/** Always the same, unless the environment asks for another run: then a new one, or the one that it says. */
const SEED = isUsual ? 2 : Number(process.env.STANCHION_MODEL_SEED ?? Date.now() % 0x7fffffff)
const COMMANDS_MAX = 60
const RUN_MS_MAX = 10_000

let world: World
beforeAll(async () => {
  world = await World.create()
})
afterAll(() => world.close())

let runs = 0

async function create(model: Model, queue: string, input: QueueInput): Promise<void> {
  const name = model.nameOf(queue)
  settle(model.createQueue(name, input), await world.rest.createQueue(name, input))
}

/** A model, with a queue and its dead-letter queue in both it and the world. */
async function newModel(flavour: Flavour, seen: Tally): Promise<Model> {
  const model = new Model({ prefix: `run-${++runs}-`, nowMs: await world.readClock(), flavour, seen })
  const fifo = { contentBasedDeduplication: true, deduplicationScope: 'queue' } as const
  const kind = flavour === 'fifo' ? { fifo } : {}
  await create(model, 'grave', kind)
  await create(model, 'dead', { ...kind, deadLetter: { queueName: model.nameOf('grave'), receiveCountMax: 3 } })
  await create(model, 'a', { ...kind, deadLetter: { queueName: model.nameOf('dead'), receiveCountMax: 2 } })
  return model
}

/** Every message is where it should be, as every door counts it; then the queues go. */
async function checkEnd(model: Model): Promise<void> {
  const checks = [...model.queues.values()].flatMap((queue) => [
    world.rest.peek(queue.name).then((peeked) => checkContents(model, queue, peeked)),
    ...(['json', 'query', 'rest'] as const).map(async (door) => {
      settle(model.countMessages(queue.name), await world.door(door).countMessages(queue.name))
    }),
  ])
  await Promise.all(checks)
}

async function removeQueues(model: Model): Promise<void> {
  const names = await world.rest.listQueues(model.prefix)
  await Promise.all(names.map((name) => world.rest.deleteQueue(name)))
}

it.each<Flavour>(['standard', 'fair', 'fifo'])(
  'G1 to G27 hold on %s queues for any sequence of requests through any door, restarts and steps of the clock among them',
  async (flavour) => {
    const seen = new Tally()
    const property = fc.asyncProperty(commands(COMMANDS_MAX), async (sequence) => {
      const model = await newModel(flavour, seen)
      try {
        await fc.asyncModelRun(() => ({ model, real: world }), sequence)
        await checkEnd(model)
      } finally {
        await removeQueues(model)
      }
    })
    // Making a failing sequence smaller ends in time to be told.
    const interruptAfterTimeLimit = (RUNS * RUN_MS_MAX * 4) / 5
    await fc.assert(property, { numRuns: RUNS, seed: SEED, interruptAfterTimeLimit, markInterruptAsFailure: true })
    // A run in which one of these did not come about would say nothing about it.
    if (isUsual || RUNS >= 100) expect(seen.missing(flavour === 'fifo')).toEqual([])
  },
  RUNS * RUN_MS_MAX,
)
