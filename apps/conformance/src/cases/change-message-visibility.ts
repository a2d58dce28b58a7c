import { type CaseDraft, defineCases } from '../case.ts'
import { SqsCallError } from '../clients/sqs-client.ts'
import { check, equal, fails } from '../expect.ts'

const notAvailable = (handle: string) =>
  `Value ${handle} for parameter ReceiptHandle is invalid. Reason: Message does not exist or is not available for visibility timeout change.`

/** Rules of ChangeMessageVisibility and its batch on standard queues. */
export const changeVisibilityCases = defineCases(
  { covers: ['ChangeMessageVisibility', 'ChangeMessageVisibility.VisibilityTimeout'] },
  [
    {
      name: 'ChangeMessageVisibility to 0 makes the message visible at once',
      async run({ sqs, queue, receiveOne }) {
        const QueueUrl = await queue()
        const { MessageId } = await sqs.sendMessage({ QueueUrl, MessageBody: 'x' })
        const { ReceiptHandle } = await receiveOne(QueueUrl)
        equal(await sqs.changeMessageVisibility({ QueueUrl, ReceiptHandle, VisibilityTimeout: 0 }), {}, 'the output')
        equal((await receiveOne(QueueUrl)).MessageId, MessageId, 'MessageId')
      },
    },
    {
      name: 'ChangeMessageVisibility to 0 wakes a long poll',
      covers: ['ChangeMessageVisibility', 'ReceiveMessage.WaitTimeSeconds'],
      async run({ sqs, queue, receive, receiveOne, attribute }) {
        const QueueUrl = await queue()
        await sqs.sendMessage({ QueueUrl, MessageBody: 'x' })
        const { ReceiptHandle } = await receiveOne(QueueUrl)
        const startedAt = performance.now()
        const poll = receive(QueueUrl, { WaitTimeSeconds: 20 })
        // Round trips that give the poll the time to arrive.
        for (let i = 0; i < 5; i += 1) await attribute(QueueUrl, 'QueueArn')
        await sqs.changeMessageVisibility({ QueueUrl, ReceiptHandle, VisibilityTimeout: 0 })
        equal((await poll).length, 1, 'messages')
        const seconds = (performance.now() - startedAt) / 1_000
        check(seconds < 10, 'an answer soon after the change', `${seconds} s`)
      },
    },
    {
      name: 'ChangeMessageVisibility extends: the message stays hidden past its first timeout',
      async run({ sqs, queue, receiveOne, receive }) {
        const QueueUrl = await queue()
        await sqs.sendMessage({ QueueUrl, MessageBody: 'x' })
        const { ReceiptHandle } = await receiveOne(QueueUrl, { VisibilityTimeout: 1 })
        await sqs.changeMessageVisibility({ QueueUrl, ReceiptHandle, VisibilityTimeout: 600 })
        equal((await receive(QueueUrl, { WaitTimeSeconds: 2 })).length, 0, 'messages')
      },
    },
    {
      name: 'ChangeMessageVisibility shortens: the new timeout counts from the change',
      async run({ sqs, queue, receiveOne, receiveNothing, receive }) {
        const QueueUrl = await queue()
        await sqs.sendMessage({ QueueUrl, MessageBody: 'x' })
        const { ReceiptHandle } = await receiveOne(QueueUrl, { VisibilityTimeout: 600 })
        await sqs.changeMessageVisibility({ QueueUrl, ReceiptHandle, VisibilityTimeout: 2 })
        await receiveNothing(QueueUrl)
        equal((await receive(QueueUrl, { WaitTimeSeconds: 10 })).length, 1, 'messages')
      },
    },
    {
      name: 'ChangeMessageVisibility holds for this delivery only',
      async run({ sqs, queue, receiveOne, receiveNothing }) {
        const QueueUrl = await queue({ VisibilityTimeout: '600' })
        await sqs.sendMessage({ QueueUrl, MessageBody: 'x' })
        const { ReceiptHandle } = await receiveOne(QueueUrl)
        await sqs.changeMessageVisibility({ QueueUrl, ReceiptHandle, VisibilityTimeout: 0 })
        await receiveOne(QueueUrl)
        await receiveNothing(QueueUrl)
      },
    },
    {
      name: 'ChangeMessageVisibility by the newest handle works after its timeout, and hides the message again',
      evidence: 'R',
      async run({ sqs, queue, receiveOne, receiveNothing }) {
        const QueueUrl = await queue()
        await sqs.sendMessage({ QueueUrl, MessageBody: 'x' })
        const { ReceiptHandle } = await receiveOne(QueueUrl, { VisibilityTimeout: 0 })
        await sqs.changeMessageVisibility({ QueueUrl, ReceiptHandle, VisibilityTimeout: 600 })
        await receiveNothing(QueueUrl)
      },
    },
    {
      name: 'ChangeMessageVisibility by an older handle works on a standard queue',
      evidence: 'S',
      async run({ sqs, queue, receiveOne }) {
        const QueueUrl = await queue()
        await sqs.sendMessage({ QueueUrl, MessageBody: 'x' })
        const { ReceiptHandle } = await receiveOne(QueueUrl, { VisibilityTimeout: 0 })
        await receiveOne(QueueUrl)
        await sqs.changeMessageVisibility({ QueueUrl, ReceiptHandle, VisibilityTimeout: 0 })
        await receiveOne(QueueUrl)
      },
    },
    {
      name: 'ChangeMessageVisibility of a deleted message is an InvalidParameterValue',
      evidence: 'R',
      covers: ['ChangeMessageVisibility', 'ChangeMessageVisibility.ReceiptHandle'],
      async run({ sqs, queue, receiveOne }) {
        const QueueUrl = await queue()
        await sqs.sendMessage({ QueueUrl, MessageBody: 'x' })
        const { ReceiptHandle } = await receiveOne(QueueUrl)
        await sqs.deleteMessage({ QueueUrl, ReceiptHandle })
        const call = sqs.changeMessageVisibility({ QueueUrl, ReceiptHandle, VisibilityTimeout: 10 })
        await fails(call, 'InvalidParameterValueException', notAvailable(ReceiptHandle))
      },
    },
    {
      name: 'ChangeMessageVisibility of a purged message is an InvalidParameterValue',
      evidence: 'R',
      covers: ['ChangeMessageVisibility.ReceiptHandle', 'PurgeQueue'],
      async run({ sqs, queue, receiveOne }) {
        const QueueUrl = await queue()
        await sqs.sendMessage({ QueueUrl, MessageBody: 'x' })
        const { ReceiptHandle } = await receiveOne(QueueUrl)
        await sqs.purgeQueue({ QueueUrl })
        const call = sqs.changeMessageVisibility({ QueueUrl, ReceiptHandle, VisibilityTimeout: 10 })
        await fails(call, 'InvalidParameterValueException', notAvailable(ReceiptHandle))
      },
    },
    {
      name: 'ChangeMessageVisibility with a handle that was never issued is ReceiptHandleIsInvalid, 404',
      evidence: 'R',
      covers: ['ChangeMessageVisibility.ReceiptHandle'],
      async run({ sqs, queue }) {
        const input = { QueueUrl: await queue(), ReceiptHandle: 'garbage', VisibilityTimeout: 0 }
        const text = 'The input receipt handle "garbage" is not a valid receipt handle.'
        await fails(sqs.changeMessageVisibility(input), 'ReceiptHandleIsInvalid', text)
      },
    },
    ...(['ReceiptHandle', 'VisibilityTimeout'] as const).map(
      (missing): CaseDraft => ({
        name: `ChangeMessageVisibility without ${missing} is a MissingParameter`,
        evidence: 'R',
        covers: [`ChangeMessageVisibility.${missing}`],
        async run({ sqs, queue }) {
          const input = { QueueUrl: await queue(), ReceiptHandle: 'x', VisibilityTimeout: 1, [missing]: undefined }
          const text = `The request must contain the parameter ${missing}.`
          await fails(sqs.changeMessageVisibility(input), 'MissingRequiredParameterException', text)
        },
      }),
    ),
    ...[-1, 43_201].map(
      (VisibilityTimeout): CaseDraft => ({
        name: `ChangeMessageVisibility refuses VisibilityTimeout ${VisibilityTimeout}`,
        evidence: 'S',
        feature: 'strict',
        async run({ sqs, queue, receiveOne }) {
          const QueueUrl = await queue()
          await sqs.sendMessage({ QueueUrl, MessageBody: 'x' })
          const { ReceiptHandle } = await receiveOne(QueueUrl)
          await fails(
            sqs.changeMessageVisibility({ QueueUrl, ReceiptHandle, VisibilityTimeout }),
            'InvalidParameterValueException',
            `Value ${VisibilityTimeout} for parameter VisibilityTimeout is invalid. Reason: Must be between 0 and 43200.`,
          )
        },
      }),
    ),
    {
      name: 'A delivery lasts 12 hours at most, counted from the receive: 43,195 s pass, 43,200 s a moment later do not',
      evidence: 'R',
      feature: 'strict',
      async run({ sqs, queue, receiveOne, until }) {
        const QueueUrl = await queue()
        await sqs.sendMessage({ QueueUrl, MessageBody: 'x' })
        const { ReceiptHandle } = await receiveOne(QueueUrl, { VisibilityTimeout: 600 })
        await sqs.changeMessageVisibility({ QueueUrl, ReceiptHandle, VisibilityTimeout: 43_195 })
        const error = await until('a change to 43,200 s is refused', 5, async () => {
          try {
            await sqs.changeMessageVisibility({ QueueUrl, ReceiptHandle, VisibilityTimeout: 43_200 })
            return undefined
          } catch (refusal) {
            return refusal
          }
        })
        check(error instanceof SqsCallError, 'an error of SQS', error)
        await fails(
          Promise.reject(error),
          'InvalidParameterValueException',
          'Value 43200 for parameter VisibilityTimeout is invalid. Reason: Total VisibilityTimeout for the message is beyond the limit [43200 seconds]',
        )
      },
    },
    ...defineCases({ covers: ['ChangeMessageVisibilityBatch', 'ChangeMessageVisibilityBatch.Entries'] }, [
      {
        name: 'ChangeMessageVisibilityBatch gives every entry its own timeout',
        async run({ sqs, queue, receive, until }) {
          const QueueUrl = await queue()
          await sqs.sendMessageBatch({ QueueUrl, Entries: ['a', 'b'].map((Id) => ({ Id, MessageBody: Id })) })
          const handles = new Map<string | undefined, string | undefined>()
          await until('both are received', 10, async () => {
            for (const { Body, ReceiptHandle } of await receive(QueueUrl)) handles.set(Body, ReceiptHandle)
            return handles.size === 2 ? true : undefined
          })
          const Entries = [
            { Id: 'a', ReceiptHandle: handles.get('a'), VisibilityTimeout: 0 },
            { Id: 'b', ReceiptHandle: handles.get('b'), VisibilityTimeout: 600 },
          ]
          const output = await sqs.changeMessageVisibilityBatch({ QueueUrl, Entries })
          equal(output, { Successful: [{ Id: 'a' }, { Id: 'b' }] }, 'the output')
          equal(
            (await receive(QueueUrl)).map(({ Body }) => Body),
            ['a'],
            'the bodies',
          )
        },
      },
      {
        name: 'ChangeMessageVisibilityBatch fails bad entries alone, with the codes of Query',
        evidence: 'S',
        async run({ sqs, queue, receiveOne }) {
          const QueueUrl = await queue()
          await sqs.sendMessage({ QueueUrl, MessageBody: 'x' })
          const { ReceiptHandle } = await receiveOne(QueueUrl)
          const Entries = [
            { Id: 'good', ReceiptHandle, VisibilityTimeout: 60 },
            { Id: 'negative', ReceiptHandle, VisibilityTimeout: -1 },
            { Id: 'garbage', ReceiptHandle: 'nonsense', VisibilityTimeout: 60 },
            { Id: 'no-handle', VisibilityTimeout: 60 },
            { Id: 'no-timeout', ReceiptHandle },
          ]
          const { Successful, Failed = [] } = await sqs.changeMessageVisibilityBatch({ QueueUrl, Entries })
          equal(Successful, [{ Id: 'good' }], 'Successful')
          const codes = Failed.map(({ Id, Code, SenderFault }) => [Id, Code, SenderFault])
          const expected = [
            ['negative', 'InvalidParameterValue', true],
            ['garbage', 'ReceiptHandleIsInvalid', true],
            ['no-handle', 'MissingParameter', true],
            ['no-timeout', 'MissingParameter', true],
          ]
          equal(codes, expected, 'Id, Code and SenderFault of Failed')
        },
      },
      {
        name: 'ChangeMessageVisibilityBatch fails an entry with VisibilityTimeout 43201 alone',
        evidence: 'S',
        feature: 'strict',
        async run({ sqs, queue, receiveOne }) {
          const QueueUrl = await queue()
          await sqs.sendMessage({ QueueUrl, MessageBody: 'x' })
          const { ReceiptHandle } = await receiveOne(QueueUrl)
          const Entries = [
            { Id: 'good', ReceiptHandle, VisibilityTimeout: 60 },
            { Id: 'long', ReceiptHandle, VisibilityTimeout: 43_201 },
          ]
          const { Successful, Failed = [] } = await sqs.changeMessageVisibilityBatch({ QueueUrl, Entries })
          equal(Successful, [{ Id: 'good' }], 'Successful')
          const text =
            'Value 43201 for parameter VisibilityTimeout is invalid. Reason: VisibilityTimeout must be an integer between 0 and 43200.'
          equal([Failed.length, Failed[0]?.Message], [1, text], 'Message of the entry that is too long')
        },
      },
      {
        name: 'ChangeMessageVisibilityBatch fails the entry of a deleted message',
        evidence: 'R',
        async run({ sqs, queue, receiveOne }) {
          const QueueUrl = await queue()
          await sqs.sendMessage({ QueueUrl, MessageBody: 'x' })
          const { ReceiptHandle } = await receiveOne(QueueUrl)
          await sqs.deleteMessage({ QueueUrl, ReceiptHandle })
          const Entries = [{ Id: 'a', ReceiptHandle, VisibilityTimeout: 60 }]
          const { Failed } = await sqs.changeMessageVisibilityBatch({ QueueUrl, Entries })
          equal(
            Failed?.map(({ Code, Message }) => [Code, Message]),
            [['InvalidParameterValue', notAvailable(ReceiptHandle)]],
            'Failed',
          )
        },
      },
      {
        name: 'ChangeMessageVisibilityBatch without entries is EmptyBatchRequest',
        evidence: 'S',
        protocols: ['json'],
        async run({ sqs, queue }) {
          const call = sqs.changeMessageVisibilityBatch({ QueueUrl: await queue(), Entries: [] })
          await fails(
            call,
            'EmptyBatchRequest',
            /^There should be at least one ChangeMessageVisibilityBatch(Request)?Entry in the request\.$/,
          )
        },
      },
      {
        name: 'ChangeMessageVisibilityBatch refuses eleven entries, repeated and illegal ids',
        evidence: 'R',
        async run({ sqs, queue }) {
          const QueueUrl = await queue()
          const batch = (ids: readonly string[]) =>
            sqs.changeMessageVisibilityBatch({
              QueueUrl,
              Entries: ids.map((Id) => ({ Id, ReceiptHandle: 'x', VisibilityTimeout: 1 })),
            })
          const eleven = Array.from({ length: 11 }, (_, i) => `e${i}`)
          const text = 'Maximum number of entries per request are 10. You have sent 11.'
          await fails(batch(eleven), 'TooManyEntriesInBatchRequest', text)
          await fails(batch(['a', 'a']), 'BatchEntryIdsNotDistinct', 'Id a repeated.')
          await fails(batch(['a b']), 'InvalidBatchEntryId')
        },
      },
    ]),
  ],
)
