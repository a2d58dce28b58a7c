import { afterAll, beforeAll, it } from '@jest/globals'
import fc from 'fast-check'
import { settle } from './allowed.ts'
import { commands } from './commands/index.ts'
import type { QueueInput } from './doors/door.ts'
import { checkContents } from './look.ts'
import { Model } from './model.ts'
import { World } from './world.ts'

/** How many sequences are tried, and from which seed: without the variables always the same, else from a seed that is chosen anew. */
const RUNS = Number(process.env.STANCHION_MODEL_RUNS ?? 25)
const isFixed = process.env.STANCHION_MODEL_RUNS === undefined && process.env.STANCHION_MODEL_SEED === undefined
const SEED = isFixed ? 6 : Number(process.env.STANCHION_MODEL_SEED ?? Date.now() % 0x7fffffff)
const COMMANDS_MAX = 60
const RUN_MS_MAX = 5_000

let world: World
beforeAll(async () => {
  world = await World.create()
})
afterAll(() => world.close())

/** The queues that are there from the start. */
const FIRST_QUEUES: Readonly<Record<string, (model: Model) => QueueInput>> = {
  dead: () => ({}),
  a: (model) => ({ deadLetter: { queueName: model.nameOf('dead'), receiveCountMax: 2 } }),
  'dead.fifo': () => ({}),
  'a.fifo': (model) => ({
    fifo: { contentBasedDeduplication: true, deduplicationScope: 'queue' },
    deadLetter: { queueName: model.nameOf('dead.fifo'), receiveCountMax: 2 },
  }),
}

let runs = 0

async function newModel(): Promise<Model> {
  const model = new Model(`run-${++runs}-`, await world.readClock())
  for (const [queue, inputOf] of Object.entries(FIRST_QUEUES)) {
    const name = model.nameOf(queue)
    const input = inputOf(model)
    settle(model.createQueue(name, input), await world.rest.createQueue(name, input))
  }
  return model
}

/** Every message is where it should be, as every door counts it; then the queues go. */
async function checkEnd(model: Model): Promise<void> {
  for (const queue of model.queues.values()) {
    checkContents(model, queue, await world.rest.peek(queue.name))
    for (const door of ['json', 'query', 'rest'] as const) {
      settle(model.countMessages(queue.name), await world.door(door).countMessages(queue.name))
    }
  }
}

async function removeQueues(model: Model): Promise<void> {
  for (const name of await world.rest.listQueues(model.prefix)) await world.rest.deleteQueue(name)
}

it(
  'G1 to G27 hold for any sequence of requests through any door, restarts and steps of the clock among them',
  async () => {
    const property = fc.asyncProperty(commands(COMMANDS_MAX), async (sequence) => {
      const model = await newModel()
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
  },
  RUNS * RUN_MS_MAX,
)
