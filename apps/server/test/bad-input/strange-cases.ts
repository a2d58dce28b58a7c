import type { Action } from '@stanchion/sqs'
import fc from 'fast-check'
import { OPERATIONS } from '../../src/sqs/operations.ts'
import { toQueryForm } from '../helpers/to-query-form.ts'
import { type BadCase, formRequest, jsonRequest } from './bad-case.ts'
import { GARBAGE, PROTOTYPE_NAMES } from './bad-texts.ts'
import { rightInputs } from './sqs-inputs.ts'
import type { World } from './world.ts'

/** What may stand in one parameter or another without being what anybody would send. */
const STRANGE = fc.oneof(
  fc.constantFrom<unknown>(
    ...PROTOTYPE_NAMES,
    null,
    true,
    0,
    -0,
    1,
    '',
    '0',
    '1',
    'null',
    'undefined',
    '[object Object]',
  ),
  fc.constantFrom<unknown>('x'.repeat(100_000), '1'.repeat(100_000), '*'.repeat(1_000), `${'a.'.repeat(50)}*`),
  GARBAGE,
)

/** Calls of every action with strange values: what they mean is not said here, only that they are answered. */
export function strangeCases(world: World, seed: number, perParameter: number): BadCase[] {
  // Strange requests may be taken, so they go where nobody looks.
  const inputs = rightInputs({ ...world, queue: world.sandbox, dead: world.sandbox })
  const { sandbox } = world
  const values = OPERATIONS.flatMap((operation) => {
    const action = operation.action as Action
    return action.input.entries.flatMap(([name, { shape }]) =>
      fc.sample(STRANGE, { seed, numRuns: perParameter }).flatMap((value): BadCase[] => {
        const given =
          shape.kind === 'list' ? [value] : shape.kind === 'map' ? Object.fromEntries([[String(value), 'v']]) : value
        const input = { ...inputs[action.name], [name]: given }
        const what = `${action.name} ${name}`
        const json = jsonRequest(action.name, JSON.stringify(input))
        const cases: BadCase[] = [{ what, door: 'json', request: json, verdict: 'answered' }]
        if (shape.kind === 'text' || shape.kind === 'integer') {
          cases.push({ what, door: 'query', request: formRequest(toQueryForm(action, input)), verdict: 'answered' })
        }
        return cases
      }),
    )
  })
  const many = (count: number, make: (index: number) => string) =>
    Array.from({ length: count }, (_, i) => make(i)).join('')
  const forms = [
    `Action=SendMessage&QueueUrl=${sandbox}&MessageBody=x${many(9_000, (i) => `&a${i}.b.c.d=`)}`,
    `Action=SendMessage&QueueUrl=${sandbox}&MessageBody=x${many(9_000, () => '&MessageBody=x')}`,
    `Action=SendMessage&QueueUrl=${sandbox}&MessageBody=x&${'a.'.repeat(200_000)}=x`,
    `Action=SendMessage&QueueUrl=${sandbox}&MessageBody=x&__proto__.MessageBody=y&constructor.prototype.a=1&toString=1`,
    `Action=SendMessageBatch&QueueUrl=${sandbox}&Entries.999999999.Id=a&Entries.999999999.MessageBody=x&Entries.0.Id=b&Entries.0.MessageBody=y`,
    `Action=UntagQueue&QueueUrl=${sandbox}${many(9_000, (i) => `&TagKey.${999_999_999 - i}=a${i}`)}`,
    `Action=ReceiveMessage&QueueUrl=${sandbox}&MaxNumberOfMessages=10${many(9_000, (i) => `&MessageAttributeName.${i}=a${i}.*`)}`,
  ]
  return [
    ...values,
    ...forms.map(
      (form): BadCase => ({ what: 'a form', door: 'query', request: formRequest(form), verdict: 'answered' }),
    ),
  ]
}
