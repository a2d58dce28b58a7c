import fc from 'fast-check'
import { settle, settleEach } from '../allowed.ts'
import { FOREIGN_HANDLE, type Model } from '../model.ts'
import { command } from './command.ts'
import { type Name, names } from './names.ts'

/** Which handle: how many newer ones there are of the queue's name, its former lives included; beyond the oldest a foreign one. */
const pick = fc.nat(7)

function handleOf(model: Model, name: string, age: number): string {
  const handles = model.handles.filter(({ queue }) => queue.name === name)
  return handles.at(-1 - (age % (handles.length + 1)))?.text ?? FOREIGN_HANDLE
}

const visibilityTimeoutSeconds = fc.constantFrom(0, 5, 60)

export const deleteMessageOf = (queue: fc.Arbitrary<Name>, handle: fc.Arbitrary<number>) =>
  command('delete', { queue, handle }, async ({ queue, handle }, model, door) => {
    const name = model.nameOf(queue)
    const text = handleOf(model, name, handle)
    settle(model.deleteMessage(name, text), await door.delete(name, text))
  })

export const deleteMessage = deleteMessageOf(names, pick)

export const deleteBatch = command(
  'delete batch',
  { queue: names, handles: fc.array(pick, { minLength: 1, maxLength: 5 }) },
  async ({ queue, handles }, model, door) => {
    const name = model.nameOf(queue)
    const texts = handles.map((handle) => handleOf(model, name, handle))
    const allowed = texts.map((text) => model.deleteMessage(name, text))
    const outcome = await door.deleteBatch(name, texts)
    if (outcome.ok) settleEach(allowed, outcome.value)
    else settle(model.deleteMessage(name, FOREIGN_HANDLE), outcome)
  },
)

export const changeVisibilityOf = (
  queue: fc.Arbitrary<Name>,
  handle: fc.Arbitrary<number>,
  visibilityTimeoutSeconds: fc.Arbitrary<number>,
) =>
  command(
    'change visibility',
    { queue, handle, visibilityTimeoutSeconds },
    async ({ queue, handle, visibilityTimeoutSeconds }, model, door) => {
      const name = model.nameOf(queue)
      const text = handleOf(model, name, handle)
      const allowed = model.changeVisibility(name, text, visibilityTimeoutSeconds)
      settle(allowed, await door.changeVisibility(name, { handle: text, visibilityTimeoutSeconds }))
    },
  )

export const changeVisibility = changeVisibilityOf(names, pick, visibilityTimeoutSeconds)

export const changeVisibilityBatch = command(
  'change visibility batch',
  {
    queue: names,
    changes: fc.uniqueArray(fc.record({ pick, visibilityTimeoutSeconds }), {
      minLength: 1,
      maxLength: 5,
      selector: (change) => change.pick,
    }),
  },
  async ({ queue, changes }, model, door) => {
    const name = model.nameOf(queue)
    const all = changes.map(({ pick, visibilityTimeoutSeconds }) => {
      return { handle: handleOf(model, name, pick), visibilityTimeoutSeconds }
    })
    // What two changes of one delivery in one request make of it is nowhere said.
    const distinct = all.filter(({ handle }, i) => all.findIndex((each) => each.handle === handle) === i)
    const allowed = distinct.map((change) =>
      model.changeVisibility(name, change.handle, change.visibilityTimeoutSeconds),
    )
    const outcome = await door.changeVisibilityBatch(name, distinct)
    if (outcome.ok) settleEach(allowed, outcome.value)
    else settle(model.changeVisibility(name, FOREIGN_HANDLE, 0), outcome)
  },
)
