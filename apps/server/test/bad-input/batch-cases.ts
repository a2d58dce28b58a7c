import fc from 'fast-check'
import { BAD_BODIES, BAD_TOKENS, GARBAGE } from './bad-texts.ts'

/** A batch with one bad message between two good ones. `name` begins the bodies of the good ones. */
export interface MixedBatch {
  readonly good: readonly [string, string]
  readonly bad: Readonly<Record<string, unknown>>
}

/** Messages as SQS takes them, but for one parameter. */
const BAD_SQS_MESSAGES = fc.oneof(
  BAD_BODIES.map((MessageBody) => ({ MessageBody })),
  fc.constantFrom(-1, 31_536_001, 2 ** 31 - 1).map((DelaySeconds) => ({ MessageBody: 'x', DelaySeconds })),
  BAD_TOKENS.map((MessageGroupId) => ({ MessageBody: 'x', MessageGroupId })),
  GARBAGE.map((name) => ({
    MessageBody: 'x',
    MessageAttributes: Object.fromEntries([[name, { DataType: 'String', StringValue: 'v' }]]),
  })),
  BAD_BODIES.map((StringValue) => ({
    MessageBody: 'x',
    MessageAttributes: { a: { DataType: 'String', StringValue } },
  })),
  fc.constant({ MessageBody: 'x'.repeat(400_000), MessageAttributes: { a: { DataType: 'String', StringValue: '' } } }),
)

/** Messages as REST takes them, but for one value. */
const BAD_REST_MESSAGES = fc.oneof(
  BAD_BODIES.map((body) => ({ body })),
  fc.constantFrom(-1, 31_536_001, 2 ** 53 - 1).map((delaySeconds) => ({ body: 'x', delaySeconds })),
  BAD_TOKENS.map((groupId) => ({ body: 'x', groupId })),
  GARBAGE.map((deduplicationId) => ({ body: 'x', deduplicationId })),
  BAD_BODIES.map((value) => ({ body: 'x', attributes: { a: { type: 'string', value } } })),
)

/** Batches for one door. */
export function mixedBatches(door: 'sqs' | 'rest', seed: number, count: number): MixedBatch[] {
  const messages: fc.Arbitrary<object> = door === 'sqs' ? BAD_SQS_MESSAGES : BAD_REST_MESSAGES
  return fc.sample(messages, { seed, numRuns: count }).map((bad, index) => ({
    good: [`${door} ${index} before`, `${door} ${index} after`],
    bad: bad as MixedBatch['bad'],
  }))
}
