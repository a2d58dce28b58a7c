import fc from 'fast-check'
import { type Allowed, refusal, settle } from '../allowed.ts'
import type { EndedMove, Refusal } from '../doors/door.ts'
import type { Peeked } from '../doors/rest-door.ts'
import type { Model } from '../model.ts'
import type { ModelQueue } from '../model-queue.ts'
import { type Route, routesOf, settleMove } from '../move.ts'
import { command } from './command.ts'
import { type Name, names, namesOfAnyKind } from './names.ts'

/** Why a task may not be started; none when it may. */
function refusalsOf(model: Model, name: Name, destination: Name | undefined): Allowed {
  const refusals: Refusal[] = []
  const source = model.nameOf(name)
  if (!model.queues.has(source)) return refusal('queueNotFound')
  if (![...model.queues.values()].some(({ deadLetter }) => deadLetter?.queueName === source))
    refusals.push('badRequest')
  if (destination !== undefined && !model.queues.has(model.nameOf(destination))) refusals.push('queueNotFound')
  if (destination === name || destination === 'other') refusals.push('badRequest')
  return refusal(...refusals)
}

export const moveOf = (queue: fc.Arbitrary<Name>, destination: fc.Arbitrary<Name | undefined>) =>
  command('move', { queue, destination }, async ({ queue, destination }, model, door, world) => {
    const name = model.nameOf(queue)
    const target = destination === undefined ? undefined : model.nameOf(destination)
    const refusals = refusalsOf(model, queue, destination)
    const source = model.queues.get(name) as ModelQueue
    const routes: Route[] =
      refusals.size > 0 ? [] : routesOf(model, source, target === undefined ? undefined : model.queues.get(target))
    const outcome = await door.move(name, target)
    if (refusals.size > 0) return settle<EndedMove>(refusals, outcome)
    const peeked = new Map<ModelQueue, readonly Peeked[]>()
    for (const each of new Set([source, ...routes.flatMap((route) => route.destination ?? [])])) {
      peeked.set(each, await world.rest.peek(each.name))
    }
    settle<EndedMove>(new Map([['done', (ended) => settleMove(model, source, routes, ended, peeked)]]), outcome)
  })

export const move = moveOf(
  fc.oneof({ weight: 4, arbitrary: fc.constant<Name>('dead') }, { weight: 1, arbitrary: names }),
  fc.option(namesOfAnyKind, { nil: undefined, freq: 2 }),
)
