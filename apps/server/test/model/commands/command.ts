import fc from 'fast-check'
import type { Door } from '../doors/door.ts'
import type { Model } from '../model.ts'
import type { DoorName, World } from '../world.ts'

export type ModelCommand = fc.AsyncCommand<Model, World>

/** What a command does, once its arguments are chosen: ask through a door, and hold the answer against the model. */
export type Run<Arguments> = (args: Arguments, model: Model, door: Door, world: World) => Promise<void>

const doors = fc.constantFrom<DoorName>('json', 'query', 'rest')

/** A command with arguments that are chosen, and a door that is chosen, too; the model does not know through which it went. */
export function command<Arguments extends object>(
  name: string,
  args: { readonly [K in keyof Arguments]: fc.Arbitrary<Arguments[K]> },
  run: Run<Arguments>,
): fc.Arbitrary<ModelCommand> {
  return fc.record({ door: doors, args: fc.record(args) as unknown as fc.Arbitrary<Arguments> }).map((chosen) => ({
    check: () => true,
    run: (model: Model, world: World) => run(chosen.args, model, world.door(chosen.door), world),
    toString: () => `${chosen.door}: ${name} ${JSON.stringify(chosen.args)}`,
  }))
}
