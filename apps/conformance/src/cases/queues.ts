import { type CaseDraft, defineCases } from '../case.ts'
import { check, equal, fails } from '../expect.ts'

const MISSING = {
  json: 'The specified queue does not exist.',
  query: 'The specified queue does not exist for this wsdl version.',
}

const MAX_RESULTS =
  'Value for parameter MaxResults is invalid. Reason: MaxResults must be an integer between 1 and 1000.'

/** Rules of GetQueueUrl, ListQueues, DeleteQueue and PurgeQueue. */
export const queueCases = [
  ...defineCases({ covers: ['GetQueueUrl', 'GetQueueUrl.QueueName'] }, [
    {
      name: 'GetQueueUrl answers the URL that CreateQueue answered',
      async run({ sqs, newName }) {
        const QueueName = newName()
        const created = await sqs.createQueue({ QueueName })
        equal(await sqs.getQueueUrl({ QueueName }), created, 'the answer')
      },
    },
    {
      name: 'GetQueueUrl of an unknown queue is QueueDoesNotExist, with a text of its own in Query',
      evidence: 'R',
      async run({ sqs, newName }) {
        await fails(sqs.getQueueUrl({ QueueName: newName() }), 'QueueDoesNotExist', MISSING)
      },
    },
    {
      name: 'GetQueueUrl without QueueName is an InvalidParameterValue',
      evidence: 'R',
      async run({ sqs }) {
        const text = 'Value for parameter QueueName is invalid. Reason: Must specify a queue name.'
        await fails(sqs.getQueueUrl({}), 'InvalidParameterValueException', text)
      },
    },
    {
      name: 'GetQueueUrl tells names apart by case',
      async run({ sqs, newName }) {
        const QueueName = newName('-a')
        await sqs.createQueue({ QueueName })
        await fails(sqs.getQueueUrl({ QueueName: QueueName.toUpperCase() }), 'QueueDoesNotExist')
      },
    },
    {
      name: 'GetQueueUrl takes the own account as owner',
      covers: ['GetQueueUrl.QueueOwnerAWSAccountId'],
      async run({ sqs, newName }) {
        const QueueName = newName()
        const created = await sqs.createQueue({ QueueName })
        const QueueOwnerAWSAccountId = created.QueueUrl?.split('/').at(-2)
        equal(await sqs.getQueueUrl({ QueueName, QueueOwnerAWSAccountId }), created, 'the answer')
      },
    },
    {
      name: 'GetQueueUrl of a foreign owner without permission is QueueDoesNotExist, not AccessDenied',
      evidence: 'S',
      covers: ['GetQueueUrl.QueueOwnerAWSAccountId'],
      async run({ sqs, newName }) {
        const QueueName = newName()
        await sqs.createQueue({ QueueName })
        await fails(
          sqs.getQueueUrl({ QueueName, QueueOwnerAWSAccountId: '999988887777' }),
          'QueueDoesNotExist',
          MISSING,
        )
      },
    },
  ]),
  ...defineCases({ covers: ['ListQueues', 'ListQueues.QueueNamePrefix'] }, [
    {
      name: 'ListQueues finds by prefix, in the order of names',
      evidence: 'S',
      async run({ sqs, newName }) {
        const prefix = newName()
        const names = ['-c', '-a', '-b'].map((suffix) => prefix + suffix)
        const urls: (string | undefined)[] = []
        for (const QueueName of names) urls.push((await sqs.createQueue({ QueueName })).QueueUrl)
        const { QueueUrls, NextToken } = await sqs.listQueues({ QueueNamePrefix: prefix })
        equal(QueueUrls, [urls[1], urls[2], urls[0]], 'QueueUrls')
        equal(NextToken, undefined, 'NextToken')
      },
    },
    {
      name: 'ListQueues without a match has no QueueUrls',
      evidence: 'R',
      async run({ sqs, newName }) {
        equal(await sqs.listQueues({ QueueNamePrefix: newName() }), {}, 'the output')
      },
    },
    {
      name: 'ListQueues takes the prefix case-sensitively, and as text, not as a pattern',
      async run({ sqs, newName }) {
        const QueueName = newName('_x')
        await sqs.createQueue({ QueueName })
        equal(await sqs.listQueues({ QueueNamePrefix: QueueName.toUpperCase() }), {}, 'another case')
        equal(await sqs.listQueues({ QueueNamePrefix: `${QueueName.slice(0, -2)}%` }), {}, 'a SQL pattern')
        equal(await sqs.listQueues({ QueueNamePrefix: `${QueueName.slice(0, -3)}_` }), {}, 'another SQL pattern')
      },
    },
    {
      name: 'ListQueues without a prefix lists queues and gives no token',
      covers: ['ListQueues'],
      async run({ sqs, queue }) {
        await queue()
        const { QueueUrls = [], NextToken } = await sqs.listQueues({})
        check(QueueUrls.length > 0, 'at least one URL', QueueUrls)
        equal(NextToken, undefined, 'NextToken')
      },
    },
    {
      name: 'ListQueues with MaxResults pages, with a token exactly while more remain',
      covers: ['ListQueues.MaxResults', 'ListQueues.NextToken'],
      async run({ sqs, newName }) {
        const QueueNamePrefix = newName()
        const urls: (string | undefined)[] = []
        for (const end of 'abcd') urls.push((await sqs.createQueue({ QueueName: QueueNamePrefix + end })).QueueUrl)
        const first = await sqs.listQueues({ QueueNamePrefix, MaxResults: 2 })
        equal(first.QueueUrls?.length, 2, 'queues on the first page')
        check(first.NextToken !== undefined, 'a token after the first page', first)
        const second = await sqs.listQueues({ QueueNamePrefix, MaxResults: 2, NextToken: first.NextToken })
        equal(second.NextToken, undefined, 'the token after the last page')
        equal([...(first.QueueUrls ?? []), ...(second.QueueUrls ?? [])].sort(), [...urls].sort(), 'all pages')
      },
    },
    {
      name: 'ListQueues takes MaxResults 1 and 1000',
      covers: ['ListQueues.MaxResults'],
      async run({ sqs, queue }) {
        await queue()
        equal((await sqs.listQueues({ MaxResults: 1 })).QueueUrls?.length, 1, 'queues')
        await sqs.listQueues({ MaxResults: 1_000 })
      },
    },
    ...[0, -1, 1_001].map(
      (MaxResults): CaseDraft => ({
        name: `ListQueues refuses MaxResults ${MaxResults}`,
        evidence: 'S',
        covers: ['ListQueues.MaxResults'],
        async run({ sqs }) {
          await fails(sqs.listQueues({ MaxResults }), 'InvalidParameterValueException', MAX_RESULTS)
        },
      }),
    ),
    {
      name: 'ListQueues refuses NextToken without MaxResults',
      evidence: 'S',
      covers: ['ListQueues.NextToken'],
      async run({ sqs, newName }) {
        const QueueNamePrefix = newName()
        for (const end of 'ab') await sqs.createQueue({ QueueName: QueueNamePrefix + end })
        const { NextToken } = await sqs.listQueues({ QueueNamePrefix, MaxResults: 1 })
        const text = 'MaxResults is a mandatory parameter when you provide a value for NextToken.'
        await fails(sqs.listQueues({ QueueNamePrefix, NextToken }), 'InvalidParameterValueException', text)
      },
    },
    {
      name: 'ListQueues refuses a NextToken that it never gave',
      evidence: 'S',
      covers: ['ListQueues.NextToken'],
      async run({ sqs }) {
        const call = sqs.listQueues({ MaxResults: 1, NextToken: 'nonsense' })
        await fails(call, 'InvalidParameterValueException', 'Invalid or expired next token.')
      },
    },
    {
      name: 'ListQueues refuses a NextToken of another prefix',
      evidence: 'S',
      covers: ['ListQueues.NextToken'],
      async run({ sqs, newName }) {
        const QueueNamePrefix = newName()
        for (const end of 'ab') await sqs.createQueue({ QueueName: QueueNamePrefix + end })
        const { NextToken } = await sqs.listQueues({ QueueNamePrefix, MaxResults: 1 })
        await fails(
          sqs.listQueues({ QueueNamePrefix: `${QueueNamePrefix}b`, MaxResults: 1, NextToken }),
          'InvalidParameterValueException',
          'Invalid NextToken value. If you are passing in NextToken, you must not change the other request parameters.',
        )
      },
    },
    {
      name: 'ListQueues shows a new queue and no deleted one at once',
      covers: ['ListQueues', 'DeleteQueue'],
      async run({ sqs, newName }) {
        const QueueName = newName()
        const { QueueUrl } = await sqs.createQueue({ QueueName })
        equal(await sqs.listQueues({ QueueNamePrefix: QueueName }), { QueueUrls: [QueueUrl] }, 'after CreateQueue')
        await sqs.deleteQueue({ QueueUrl })
        equal(await sqs.listQueues({ QueueNamePrefix: QueueName }), {}, 'after DeleteQueue')
      },
    },
  ]),
  ...defineCases({ covers: ['DeleteQueue', 'DeleteQueue.QueueUrl'] }, [
    {
      name: 'DeleteQueue answers nothing, and the queue is gone',
      async run({ sqs, queue }) {
        const QueueUrl = await queue()
        equal(await sqs.deleteQueue({ QueueUrl }), {}, 'the output')
        await fails(sqs.sendMessage({ QueueUrl, MessageBody: 'x' }), 'QueueDoesNotExist', MISSING)
      },
    },
    {
      name: 'DeleteQueue a second time is QueueDoesNotExist',
      evidence: 'R',
      async run({ sqs, queue }) {
        const QueueUrl = await queue()
        await sqs.deleteQueue({ QueueUrl })
        await fails(sqs.deleteQueue({ QueueUrl }), 'QueueDoesNotExist', MISSING)
      },
    },
    {
      name: 'DeleteQueue ends a long poll that waits',
      async run({ sqs, queue, attribute }) {
        const QueueUrl = await queue()
        const startedAt = performance.now()
        const poll = sqs.receiveMessage({ QueueUrl, WaitTimeSeconds: 20 }).catch((error: unknown) => error)
        // Round trips that give the poll the time to arrive.
        for (let i = 0; i < 5; i += 1) await attribute(QueueUrl, 'QueueArn')
        await sqs.deleteQueue({ QueueUrl })
        const answer = await poll
        const seconds = (performance.now() - startedAt) / 1_000
        check(seconds < 10, 'the poll ends with the queue', `${seconds} s`)
        if (answer instanceof Error) await fails(Promise.reject(answer), 'QueueDoesNotExist', MISSING)
        else equal(answer, {}, 'the output of the poll')
      },
    },
    {
      name: 'DeleteQueue loses the messages: a queue created again is empty',
      async run({ sqs, newName, receiveNothing }) {
        const QueueName = newName()
        const { QueueUrl = '' } = await sqs.createQueue({ QueueName })
        await sqs.sendMessage({ QueueUrl, MessageBody: 'x' })
        await sqs.deleteQueue({ QueueUrl })
        const again = await sqs.createQueue({ QueueName }).catch(() => undefined)
        // Real SQS refuses for 60 seconds, which is fine, too.
        if (again !== undefined) await receiveNothing(QueueUrl)
      },
    },
    {
      name: 'DeleteQueue makes handles of its messages invalid for a queue created again',
      evidence: 'U',
      async run({ sqs, newName, receiveOne }) {
        const QueueName = newName()
        const { QueueUrl = '' } = await sqs.createQueue({ QueueName })
        await sqs.sendMessage({ QueueUrl, MessageBody: 'x' })
        const { ReceiptHandle } = await receiveOne(QueueUrl)
        await sqs.deleteQueue({ QueueUrl })
        await fails(sqs.deleteMessage({ QueueUrl, ReceiptHandle }), 'QueueDoesNotExist')
      },
    },
  ]),
  ...defineCases({ covers: ['PurgeQueue', 'PurgeQueue.QueueUrl'] }, [
    {
      name: 'PurgeQueue removes visible, delayed and in-flight messages',
      evidence: 'R',
      covers: [
        'PurgeQueue',
        'PurgeQueue.QueueUrl',
        'attribute.ApproximateNumberOfMessages',
        'attribute.ApproximateNumberOfMessagesDelayed',
        'attribute.ApproximateNumberOfMessagesNotVisible',
      ],
      async run({ sqs, queue, receiveOne, receiveNothing, attribute, until }) {
        const QueueUrl = await queue()
        await sqs.sendMessage({ QueueUrl, MessageBody: 'in flight' })
        await receiveOne(QueueUrl)
        await sqs.sendMessage({ QueueUrl, MessageBody: 'visible' })
        await sqs.sendMessage({ QueueUrl, MessageBody: 'delayed', DelaySeconds: 600 })
        equal(await sqs.purgeQueue({ QueueUrl }), {}, 'the output')
        for (const name of ['', 'Delayed', 'NotVisible'] as const) {
          const counter = `ApproximateNumberOfMessages${name}` as const
          await until(`${counter} is 0`, 5, async () =>
            (await attribute(QueueUrl, counter)) === '0' ? true : undefined,
          )
        }
        await receiveNothing(QueueUrl)
      },
    },
    {
      name: 'PurgeQueue leaves handles whose delete succeeds',
      evidence: 'R',
      async run({ sqs, queue, receiveOne }) {
        const QueueUrl = await queue()
        await sqs.sendMessage({ QueueUrl, MessageBody: 'x' })
        const { ReceiptHandle } = await receiveOne(QueueUrl)
        await sqs.purgeQueue({ QueueUrl })
        await sqs.deleteMessage({ QueueUrl, ReceiptHandle })
      },
    },
    {
      name: 'PurgeQueue leaves the queue usable',
      async run({ sqs, queue, receiveOne }) {
        const QueueUrl = await queue()
        await sqs.purgeQueue({ QueueUrl })
        await sqs.sendMessage({ QueueUrl, MessageBody: 'later' })
        equal((await receiveOne(QueueUrl)).Body, 'later', 'the body')
      },
    },
    {
      name: 'PurgeQueue a second time within 60 seconds is refused with 403',
      evidence: 'R',
      feature: 'strict',
      async run({ sqs, queue }) {
        const QueueUrl = await queue()
        await sqs.purgeQueue({ QueueUrl })
        const name = QueueUrl.split('/').at(-1)
        const text = `Only one PurgeQueue operation on ${name} is allowed every 60 seconds.`
        await fails(sqs.purgeQueue({ QueueUrl }), 'PurgeQueueInProgress', text)
      },
    },
  ]),
]
