import { type CaseDraft, defineCases } from '../case.ts'
import { equal, fails } from '../expect.ts'

const FIFO_NAME =
  /^The name of a FIFO queue can only include alphanumeric characters, hyphens, or underscores, must end with \.fifo suffix and be 1 to 80 in length\.?$/

/** Rules of FIFO queues as such: kind, name and attributes. */
export const fifoQueueCases = defineCases(
  { feature: 'fifo', covers: ['CreateQueue.QueueName', 'attribute.FifoQueue'] },
  [
    {
      name: 'GetQueueAttributes All of a fresh FIFO queue has exactly sixteen attributes, with their defaults',
      evidence: 'R',
      covers: [
        'GetQueueAttributes',
        'attribute.FifoQueue',
        'attribute.ContentBasedDeduplication',
        'attribute.DeduplicationScope',
        'attribute.FifoThroughputLimit',
      ],
      async run({ sqs, fifo }) {
        const { Attributes = {} } = await sqs.getQueueAttributes({ QueueUrl: await fifo(), AttributeNames: ['All'] })
        equal(Object.keys(Attributes).length, 16, 'attributes')
        const { FifoQueue, ContentBasedDeduplication, DeduplicationScope, FifoThroughputLimit } = Attributes
        equal(
          { FifoQueue, ContentBasedDeduplication, DeduplicationScope, FifoThroughputLimit },
          {
            FifoQueue: 'true',
            ContentBasedDeduplication: 'false',
            DeduplicationScope: 'queue',
            FifoThroughputLimit: 'perQueue',
          },
          'the attributes of FIFO queues',
        )
      },
    },
    {
      name: 'A name in .fifo without FifoQueue is an InvalidParameterValue',
      evidence: 'R',
      async run({ sqs, newName }) {
        await fails(sqs.createQueue({ QueueName: newName('.fifo') }), 'InvalidParameterValueException')
      },
    },
    {
      name: 'FifoQueue with a name that is not in .fifo is an InvalidParameterValue',
      evidence: 'R',
      async run({ sqs, newName }) {
        const call = sqs.createQueue({ QueueName: newName(), Attributes: { FifoQueue: 'true' } })
        await fails(call, 'InvalidParameterValueException', FIFO_NAME)
      },
    },
    {
      name: 'FifoQueue false on a plain name is an unknown attribute',
      evidence: 'R',
      async run({ sqs, newName }) {
        const call = sqs.createQueue({ QueueName: newName(), Attributes: { FifoQueue: 'false' } })
        await fails(call, 'InvalidAttributeName', 'Unknown Attribute FifoQueue.')
      },
    },
    ...['true', 'false'].map(
      (value): CaseDraft => ({
        name: `ContentBasedDeduplication ${value} on a standard queue is an unknown attribute`,
        evidence: 'R',
        covers: ['attribute.ContentBasedDeduplication'],
        async run({ sqs, newName, queue }) {
          const Attributes = { ContentBasedDeduplication: value }
          const text = 'Unknown Attribute ContentBasedDeduplication.'
          await fails(sqs.createQueue({ QueueName: newName(), Attributes }), 'InvalidAttributeName', text)
          await fails(sqs.setQueueAttributes({ QueueUrl: await queue(), Attributes }), 'InvalidAttributeName', text)
        },
      }),
    ),
    ...(
      [
        ['DeduplicationScope', 'queue'],
        ['FifoThroughputLimit', 'perQueue'],
      ] as const
    ).map(
      ([name, value]): CaseDraft => ({
        name: `${name} on a standard queue is an InvalidAttributeName with a text of its own`,
        evidence: 'R',
        covers: [`attribute.${name}`],
        async run({ sqs, newName }) {
          const call = sqs.createQueue({ QueueName: newName(), Attributes: { [name]: value } })
          await fails(call, 'InvalidAttributeName', `You can specify the ${name} only when FifoQueue is set to true.`)
        },
      }),
    ),
    {
      name: 'The suffix .fifo counts into the 80 characters of a name',
      async run({ sqs, newName }) {
        const prefix = newName()
        const QueueName = `${newName().padEnd(75, 'x')}.fifo`
        const Attributes = { FifoQueue: 'true' }
        const { QueueUrl } = await sqs.createQueue({ QueueName, Attributes })
        await sqs.deleteQueue({ QueueUrl })
        const long = sqs.createQueue({ QueueName: `${prefix.padEnd(76, 'x')}.fifo`, Attributes })
        await fails(long, 'InvalidParameterValueException', FIFO_NAME)
      },
    },
    {
      name: 'FifoQueue takes True with a capital',
      evidence: 'S',
      async run({ sqs, newName, attribute }) {
        const { QueueUrl = '' } = await sqs.createQueue({
          QueueName: newName('.fifo'),
          Attributes: { FifoQueue: 'True' },
        })
        equal(await attribute(QueueUrl, 'FifoQueue'), 'true', 'FifoQueue')
      },
    },
    {
      name: 'FifoQueue of a FIFO queue can be set to true, which changes nothing, and not to false',
      evidence: 'R',
      covers: ['SetQueueAttributes.Attributes', 'attribute.FifoQueue'],
      async run({ sqs, fifo }) {
        const QueueUrl = await fifo()
        await sqs.setQueueAttributes({ QueueUrl, Attributes: { FifoQueue: 'true' } })
        const call = sqs.setQueueAttributes({ QueueUrl, Attributes: { FifoQueue: 'false' } })
        const text = 'Invalid value for the parameter FifoQueue. Reason: Modifying queue type is not supported.'
        await fails(call, 'InvalidAttributeValue', text)
      },
    },
    ...(
      [
        ['ContentBasedDeduplication', 'true', 'yes'],
        ['DeduplicationScope', 'messageGroup', 'group'],
      ] as const
    ).map(
      ([name, good, bad]): CaseDraft => ({
        name: `${name} can be given and set to ${good}, and not to ${bad}`,
        covers: ['CreateQueue.Attributes', 'SetQueueAttributes.Attributes', `attribute.${name}`],
        async run({ sqs, fifo, attribute }) {
          equal(await attribute(await fifo({ [name]: good }), name), good, 'after CreateQueue')
          const QueueUrl = await fifo()
          await sqs.setQueueAttributes({ QueueUrl, Attributes: { [name]: good } })
          equal(await attribute(QueueUrl, name), good, 'after SetQueueAttributes')
          await fails(sqs.setQueueAttributes({ QueueUrl, Attributes: { [name]: bad } }), 'InvalidAttributeValue')
        },
      }),
    ),
    {
      name: 'FifoThroughputLimit perMessageGroupId needs DeduplicationScope messageGroup',
      evidence: 'S',
      covers: ['attribute.FifoThroughputLimit', 'attribute.DeduplicationScope'],
      async run({ sqs, fifo, attribute }) {
        const both = { FifoThroughputLimit: 'perMessageGroupId', DeduplicationScope: 'messageGroup' }
        equal(await attribute(await fifo(both), 'FifoThroughputLimit'), 'perMessageGroupId', 'after CreateQueue')
        const QueueUrl = await fifo()
        const Attributes = { FifoThroughputLimit: 'perMessageGroupId' }
        const text =
          'Invalid value for the parameter FifoThroughputLimit. Reason: To set FifoThroughputLimit to perMessageGroupId, the DeduplicationScope must be messageGroup.'
        await fails(sqs.setQueueAttributes({ QueueUrl, Attributes }), 'InvalidAttributeValue', text)
        await sqs.setQueueAttributes({ QueueUrl, Attributes: { DeduplicationScope: 'messageGroup' } })
        await sqs.setQueueAttributes({ QueueUrl, Attributes })
      },
    },
    {
      name: 'CreateQueue of a FIFO queue repeated with other attributes of FIFO is refused',
      evidence: 'R',
      covers: ['CreateQueue', 'attribute.ContentBasedDeduplication'],
      async run({ sqs, newName }) {
        const QueueName = newName('.fifo')
        const FifoQueue = 'true'
        const first = await sqs.createQueue({ QueueName, Attributes: { FifoQueue } })
        const Attributes = { FifoQueue, ContentBasedDeduplication: 'false' }
        equal(await sqs.createQueue({ QueueName, Attributes }), first, 'with the default')
        await fails(
          sqs.createQueue({ QueueName, Attributes: { FifoQueue, ContentBasedDeduplication: 'true' } }),
          'QueueNameExists',
          'A queue already exists with the same name and a different value for attribute ContentBasedDeduplication',
        )
      },
    },
  ],
)
