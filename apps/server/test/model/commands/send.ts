import fc from 'fast-check'
import { settle } from '../allowed.ts'
import type { Attributes, NewMessage } from '../doors/door.ts'
import { FORBIDDEN_CHARACTER, type Model } from '../model.ts'
import { command } from './command.ts'
import { type Name, names } from './names.ts'

/** What is chosen about a message. */
export interface Choice {
  /** A body of its own, or one of those that others have, too. */
  readonly body: 'own' | 'shared'
  readonly flaw: 'none' | 'characters' | 'long'
  readonly attributes: Attributes
  readonly delaySeconds: number | undefined
  readonly groupId: string | undefined
  readonly deduplicationId: string | undefined
}

const ATTRIBUTES: readonly Attributes[] = [
  {},
  { count: { type: 'number', value: '007' } },
  { text: { type: 'string', value: 'ü\r\n<&>' }, bytes: { type: 'binary', value: 'AP8=' } },
]

/** The first of the values most of the time. */
const mostly = <T>(usual: T, ...others: T[]): fc.Arbitrary<T> =>
  fc.oneof(
    { weight: 4, arbitrary: fc.constant(usual) },
    { weight: others.length, arbitrary: fc.constantFrom(...others) },
  )

const choice: fc.Arbitrary<Choice> = fc.record({
  body: mostly<Choice['body']>('own', 'shared'),
  flaw: fc.oneof({ weight: 8, arbitrary: fc.constant('none' as const) }, fc.constantFrom('characters', 'long')),
  attributes: fc.constantFrom(...ATTRIBUTES),
  delaySeconds: mostly<number | undefined>(undefined, 0, 20),
  groupId: fc.oneof({ weight: 8, arbitrary: fc.constantFrom('g', 'g', 'h') }, fc.constant(undefined)),
  deduplicationId: mostly<string | undefined>(undefined, 'd', 'e'),
})

/** A message without anything special but this. */
export const plain = (chosen: Partial<Choice>): Choice => ({
  ...{ body: 'own', flaw: 'none', attributes: {}, delaySeconds: undefined, groupId: 'g', deduplicationId: undefined },
  ...chosen,
})

const FLAWS = { none: '', characters: FORBIDDEN_CHARACTER, long: 'x'.repeat(1_100) }

function toMessage(model: Model, { body, flaw, attributes, ...choice }: Choice): NewMessage {
  const text = body === 'own' ? `${++model.bodies}` : 'shared'
  const { groupId, delaySeconds, deduplicationId } = choice
  const common = { body: text + FLAWS[flaw], attributes, delaySeconds }
  if (model.flavour === 'fifo') return { ...common, groupId, deduplicationId }
  return model.flavour === 'fair' ? { ...common, groupId } : common
}

export const sendTo = (queue: fc.Arbitrary<Name>, message: fc.Arbitrary<Choice>) =>
  command('send', { queue, message }, async ({ queue, message }, model, door) => {
    const name = model.nameOf(queue)
    const sent = toMessage(model, message)
    settle(model.send(name, sent), await door.send(name, sent))
  })

export const sendBatchTo = (queue: fc.Arbitrary<Name>, messages: fc.Arbitrary<Choice[]>) =>
  command('send batch', { queue, messages }, async ({ queue, messages }, model, door) => {
    const name = model.nameOf(queue)
    const sent = messages.map((message) => toMessage(model, message))
    settle(model.sendBatch(name, sent), await door.sendBatch(name, sent))
  })

export const send = sendTo(names, choice)

export const sendBatch = sendBatchTo(names, fc.array(choice, { minLength: 2, maxLength: 5 }))
