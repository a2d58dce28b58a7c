import fc from 'fast-check'
import { checkContents } from '../look.ts'
import type { Model } from '../model.ts'
import type { World } from '../world.ts'
import { command } from './command.ts'
import { names } from './names.ts'

/**
 * Steps of the clock. They are a bit longer than seconds, so that no sum of them is just as long as a timeout or a window: what holds at the very
 * instant of its end is promised nowhere.
 */
const STEPS_MS = [1_001, 20_001, 45_001, 301_001]

/** Time passes in the world and for the model. */
export async function passBoth(model: Model, world: World, ms: number): Promise<void> {
  await world.passTime(ms)
  model.passTime(ms)
}

export const passTimeOf = (...stepsMs: readonly number[]) =>
  command('pass time', { ms: fc.constantFrom(...stepsMs) }, ({ ms }, model, _, world) => passBoth(model, world, ms))

export const passTime = passTimeOf(...STEPS_MS, 1_001)

export const restart = command('restart', {}, async (_, model, __, world) => {
  model.seen.add('restart')
  await world.restart()
})

export const look = command('look', { queue: names }, async ({ queue }, model, _, world) => {
  const live = model.queues.get(model.nameOf(queue))
  if (live !== undefined) checkContents(model, live, await world.rest.peek(live.name))
})
