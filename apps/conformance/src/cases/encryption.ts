import { type CaseDraft, defineCases } from '../case.ts'
import { equal, fails } from '../expect.ts'

const PERIOD = 'KmsDataKeyReusePeriodSeconds'

/** Rules of the attributes of keys. */
export const encryptionCases = defineCases(
  { feature: 'encryption', evidence: 'R', covers: ['attribute.KmsMasterKeyId'] },
  [
    {
      name: 'KmsMasterKeyId is stored, turns SqsManagedSseEnabled off, and shows the reuse period of 300',
      covers: ['attribute.KmsMasterKeyId', 'attribute.SqsManagedSseEnabled', 'attribute.KmsDataKeyReusePeriodSeconds'],
      async run({ sqs, queue }) {
        const QueueUrl = await queue()
        await sqs.setQueueAttributes({ QueueUrl, Attributes: { KmsMasterKeyId: 'alias/aws/sqs' } })
        const AttributeNames = ['KmsMasterKeyId', 'SqsManagedSseEnabled', PERIOD]
        const { Attributes } = await sqs.getQueueAttributes({ QueueUrl, AttributeNames })
        const expected = { [PERIOD]: '300', KmsMasterKeyId: 'alias/aws/sqs', SqsManagedSseEnabled: 'false' }
        equal(Object.entries(Attributes ?? {}).sort(), Object.entries(expected).sort(), 'Attributes')
      },
    },
    {
      name: 'KmsMasterKeyId can be given to CreateQueue, with its reuse period',
      covers: ['CreateQueue.Attributes', 'attribute.KmsMasterKeyId', 'attribute.KmsDataKeyReusePeriodSeconds'],
      async run({ queue, attribute }) {
        const QueueUrl = await queue({ KmsMasterKeyId: 'alias/aws/sqs', [PERIOD]: '86400' })
        equal(await attribute(QueueUrl, PERIOD), '86400', PERIOD)
      },
    },
    {
      name: 'KmsMasterKeyId set to the empty string is removed and leaves SqsManagedSseEnabled at false',
      covers: ['attribute.KmsMasterKeyId', 'attribute.SqsManagedSseEnabled'],
      async run({ sqs, queue, attribute }) {
        const QueueUrl = await queue({ KmsMasterKeyId: 'alias/aws/sqs' })
        await sqs.setQueueAttributes({ QueueUrl, Attributes: { KmsMasterKeyId: '' } })
        equal(await attribute(QueueUrl, 'KmsMasterKeyId'), undefined, 'KmsMasterKeyId')
        equal(await attribute(QueueUrl, PERIOD), undefined, PERIOD)
        equal(await attribute(QueueUrl, 'SqsManagedSseEnabled'), 'false', 'SqsManagedSseEnabled')
      },
    },
    {
      name: 'SqsManagedSseEnabled true removes the key',
      covers: ['attribute.KmsMasterKeyId', 'attribute.SqsManagedSseEnabled'],
      async run({ sqs, queue, attribute }) {
        const QueueUrl = await queue({ KmsMasterKeyId: 'alias/aws/sqs' })
        await sqs.setQueueAttributes({ QueueUrl, Attributes: { SqsManagedSseEnabled: 'true' } })
        equal(await attribute(QueueUrl, 'KmsMasterKeyId'), undefined, 'KmsMasterKeyId')
        equal(await attribute(QueueUrl, 'SqsManagedSseEnabled'), 'true', 'SqsManagedSseEnabled')
      },
    },
    {
      name: 'Both kinds of encryption in one call are refused',
      covers: ['attribute.KmsMasterKeyId', 'attribute.SqsManagedSseEnabled'],
      async run({ sqs, queue }) {
        const Attributes = { KmsMasterKeyId: 'alias/aws/sqs', SqsManagedSseEnabled: 'true' }
        const text =
          'You can use one type of server-side encryption (SSE) at one time. You can either enable KMS SSE or SQS SSE.'
        await fails(sqs.setQueueAttributes({ QueueUrl: await queue(), Attributes }), 'InvalidAttributeName', text)
      },
    },
    {
      name: 'KmsDataKeyReusePeriodSeconds is shown only while a key is set',
      covers: ['attribute.KmsDataKeyReusePeriodSeconds'],
      async run({ sqs, queue, attribute }) {
        const QueueUrl = await queue()
        await sqs.setQueueAttributes({ QueueUrl, Attributes: { [PERIOD]: '60' } })
        equal(await attribute(QueueUrl, PERIOD), undefined, 'without a key')
      },
    },
    ...['59', '86401', 'x'].map(
      (value): CaseDraft => ({
        name: `KmsDataKeyReusePeriodSeconds refuses ${value}`,
        evidence: 'S',
        covers: ['attribute.KmsDataKeyReusePeriodSeconds'],
        async run({ sqs, queue }) {
          const Attributes = { KmsMasterKeyId: 'alias/aws/sqs', [PERIOD]: value }
          const call = sqs.setQueueAttributes({ QueueUrl: await queue(), Attributes })
          await fails(call, 'InvalidAttributeValue', `Invalid value for the parameter ${PERIOD}.`)
        },
      }),
    ),
  ],
)
