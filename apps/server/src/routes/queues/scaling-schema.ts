import { SCALING_LIMITS, type ScalingPolicy } from '@stanchion/queue'
import { type Static, Type } from 'typebox'

const { consumersMax, cooldownSecondsMax, messagesMax, stepsMax, targetDrainSecondsMax } = SCALING_LIMITS

const ScalingStepSchema = Type.Object(
  {
    fromMessages: Type.Integer({
      minimum: 0,
      maximum: messagesMax,
      description:
        'The step is entered at this many outstanding messages. The first step begins at 0, each other one above the one before it.',
    }),
    backBelowMessages: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: messagesMax,
        description:
          'It is left for the step before it below this many: no more than `fromMessages`, and more than that of the step ' +
          'before. Absent: below `fromMessages`. The first step has none.',
      }),
    ),
    consumers: Type.Integer({
      minimum: 0,
      maximum: consumersMax,
      description: 'How many consumers there should be then; more than in the step before it.',
    }),
  },
  {
    additionalProperties: false,
    title: 'ScalingStep',
    description: 'A number of consumers for a range of outstanding messages.',
  },
)

const cooldown = (description: string) =>
  Type.Optional(Type.Integer({ minimum: 0, maximum: cooldownSecondsMax, description }))

export const ScalingPolicySchema = Type.Object(
  {
    steps: Type.Optional(
      Type.Array(ScalingStepSchema, { minItems: 1, maxItems: stepsMax, description: 'By depth: in ascending order.' }),
    ),
    targetDrainSeconds: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: targetDrainSecondsMax,
        description:
          'Instead of steps: as many consumers as complete everything outstanding in this time, and what arrives meanwhile.',
      }),
    ),
    consumerCompletionsPerSecond: Type.Optional(
      Type.Number({
        minimum: 0,
        maximum: SCALING_LIMITS.consumerCompletionsPerSecondMax,
        description:
          'What one consumer completes, for `targetDrainSeconds`; more than 0. Absent: it is measured while there is enough to do.',
      }),
    ),
    consumersMin: Type.Optional(
      Type.Integer({
        minimum: 0,
        maximum: consumersMax,
        description: 'Never fewer. Absent: what the first step says, or 1.',
      }),
    ),
    consumersMax: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: consumersMax,
        description: 'Never more. Absent: what the last step says, or 10.',
      }),
    ),
    scaleInCooldownSeconds: cooldown(
      'A number gives way to a smaller one so long after the last change at the earliest. Absent: 0 with steps, else 60.',
    ),
    scaleOutCooldownSeconds: cooldown('The same for a larger one. Absent: 0.'),
  },
  {
    additionalProperties: false,
    title: 'ScalingPolicy',
    description: 'How many consumers a queue asks for: either by `steps` or by `targetDrainSeconds`.',
  },
)

/** What can be changed about it. */
export const scalingChange = Type.Optional(
  Type.Union([ScalingPolicySchema, Type.Null()], {
    description: 'The whole policy. `null`: from now on the default one holds.',
  }),
)

export const QueueScalingSchema = Type.Object(
  {
    outstandingMessages: Type.Integer({
      description: 'Messages that can be received now or are leased, counted exactly. Delayed ones ask for nobody yet.',
    }),
    oldestMessageAgeSeconds: Type.Union([Type.Number(), Type.Null()], {
      description: 'Seconds since the oldest stored message was sent; `null` when the queue is empty.',
    }),
    arrivalsPerSecond: Type.Number({ description: 'Messages sent, about the last minute.' }),
    completionsPerSecond: Type.Number({ description: 'Messages deleted by clients, about the last minute.' }),
    drainSeconds: Type.Union([Type.Number(), Type.Null()], {
      description: 'How long until nothing is outstanding if it goes on like this; `null` when it never would be.',
    }),
    desiredConsumers: Type.Integer({ description: 'How many consumers there should be.' }),
    reason: Type.String({ description: 'Why, in words.' }),
    policy: ScalingPolicySchema,
  },
  {
    additionalProperties: false,
    title: 'QueueScaling',
    description: 'How much work a queue holds, and how many consumers that asks for.',
  },
)

export const QUEUE_SCALING_EXAMPLE: Static<typeof QueueScalingSchema> = {
  outstandingMessages: 12_400,
  oldestMessageAgeSeconds: 41.3,
  arrivalsPerSecond: 120,
  completionsPerSecond: 430,
  drainSeconds: 40,
  desiredConsumers: 10,
  reason: '12,400 messages are outstanding; from 10,001 on the policy asks for 10 consumers.',
  policy: {
    steps: [
      { fromMessages: 0, consumers: 2 },
      { fromMessages: 1_000, backBelowMessages: 500, consumers: 5 },
      { fromMessages: 10_001, backBelowMessages: 10_001, consumers: 10 },
    ],
    consumersMin: 2,
    consumersMax: 10,
    scaleInCooldownSeconds: 0,
    scaleOutCooldownSeconds: 0,
  },
}

/** Shows a policy. */
export function toScalingPolicyView({ steps, ...policy }: ScalingPolicy): Static<typeof ScalingPolicySchema> {
  return steps === undefined ? policy : { steps: [...steps], ...policy }
}
