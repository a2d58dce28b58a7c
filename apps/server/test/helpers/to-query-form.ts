import type { Action } from '@stanchion/sqs'

type Shape = Action['input']['members'][string]['shape']

/** The form in which the Query protocol sends a call of an action, written from the shapes of the action as an SDK writes it. */
export function toQueryForm(action: Action, input: object): string {
  const form = new URLSearchParams({ Action: action.name, Version: '2012-11-05' })
  for (const [name, value] of pairs(action.input, input, '')) form.append(name, value)
  // Signers take a plus for a plus.
  return form.toString().replaceAll('+', '%20')
}

function* pairs(shape: Shape, value: unknown, name: string): Generator<[string, string]> {
  switch (shape.kind) {
    case 'structure':
      for (const [member, given] of Object.entries(value as object)) {
        const declared = shape.members[member]
        if (declared === undefined) throw new Error(`there is no member ${member}`)
        const own = declared.queryNames?.[0] ?? member
        yield* pairs(declared.shape, given, name === '' ? own : `${name}.${own}`)
      }
      break
    case 'list':
      for (const [index, item] of (value as unknown[]).entries()) yield* pairs(shape.item, item, `${name}.${index + 1}`)
      break
    case 'map':
      for (const [index, [key, item]] of Object.entries(value as object).entries()) {
        yield [`${name}.${index + 1}.${shape.keyName}`, key]
        yield* pairs(shape.value, item, `${name}.${index + 1}.Value`)
      }
      break
    default:
      yield [name, String(value)]
  }
}
