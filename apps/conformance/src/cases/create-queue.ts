import { defineCases } from '../case.ts'
import type { Context } from '../context.ts'
import { equal, fails, matches } from '../expect.ts'

const STANDARD_NAME = 'Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length'

/** Rules of section CreateQueue: names, idempotence and tags. Attributes have a file of their own. */
export const createQueueCases = defineCases({ covers: ['CreateQueue', 'CreateQueue.QueueName'] }, [
  {
    name: 'CreateQueue answers a URL that ends in account and name',
    async run({ sqs, newName }) {
      const name = newName()
      const { QueueUrl } = await sqs.createQueue({ QueueName: name })
      matches(QueueUrl, new RegExp(`^https?://.+/\\d{12}/${name}$`), 'the QueueUrl')
    },
  },
  {
    name: 'CreateQueue takes a name of one character',
    async run({ sqs }) {
      // A name that short cannot be random: another run may have it, which is no error as long as nothing is asked for.
      await sqs.createQueue({ QueueName: 'q' })
    },
  },
  {
    name: 'CreateQueue takes a name of 80 characters',
    async run({ sqs, newName }) {
      const name = newName()
      await sqs.createQueue({ QueueName: newName('x'.repeat(80 - name.length)) })
    },
  },
  {
    name: 'CreateQueue refuses a name of 81 characters',
    evidence: 'S',
    async run({ sqs, newName }) {
      const QueueName = newName().padEnd(81, 'x')
      await fails(sqs.createQueue({ QueueName }), 'InvalidParameterValueException', STANDARD_NAME)
    },
  },
  ...['a b', 'a.b', 'a[b', 'a\\b', 'a^b', 'a/b', 'ä', 'a!', 'a\u0000'].map((QueueName) => ({
    name: `CreateQueue refuses the name ${JSON.stringify(QueueName)}`,
    evidence: 'S' as const,
    run: async ({ sqs }: Context) => {
      await fails(sqs.createQueue({ QueueName }), 'InvalidParameterValueException', STANDARD_NAME)
    },
  })),
  {
    name: 'CreateQueue takes letters of both cases, digits, - and _',
    async run({ sqs, newName }) {
      await sqs.createQueue({ QueueName: newName('-AZaz_09') })
    },
  },
  {
    name: 'CreateQueue without QueueName is an InvalidParameterValue, not a MissingParameter',
    evidence: 'R',
    async run({ sqs }) {
      const text = 'Value for parameter QueueName is invalid. Reason: Must specify a queue name.'
      await fails(sqs.createQueue({}), 'InvalidParameterValueException', text)
    },
  },
  {
    name: 'CreateQueue refuses the empty name',
    evidence: 'S',
    async run({ sqs }) {
      await fails(sqs.createQueue({ QueueName: '' }), 'InvalidParameterValueException', 'Queue name cannot be empty')
    },
  },
  {
    name: 'CreateQueue keeps names apart that differ in case alone',
    async run({ sqs, newName }) {
      const lower = newName('-a')
      const upper = newName('-A')
      const queues = [lower, lower.replace(/-a$/, '-A'), upper]
      const urls = await Promise.all(queues.map((QueueName) => sqs.createQueue({ QueueName })))
      equal(new Set(urls.map(({ QueueUrl }) => QueueUrl)).size, 3, 'three names make three queues')
    },
  },
  {
    name: 'CreateQueue makes a queue that is usable at once',
    covers: ['CreateQueue', 'SendMessage'],
    async run({ sqs, queue, receiveOne }) {
      const QueueUrl = await queue()
      await sqs.sendMessage({ QueueUrl, MessageBody: 'at once' })
      equal((await receiveOne(QueueUrl)).Body, 'at once', 'the body')
    },
  },
  {
    name: 'CreateQueue repeated without attributes returns the same URL',
    evidence: 'R',
    async run({ sqs, newName }) {
      const QueueName = newName()
      const first = await sqs.createQueue({ QueueName, Attributes: { VisibilityTimeout: '77' } })
      equal(await sqs.createQueue({ QueueName }), first, 'the answer')
    },
  },
  {
    name: 'CreateQueue repeated with the same attributes returns the same URL',
    evidence: 'R',
    covers: ['CreateQueue', 'CreateQueue.Attributes'],
    async run({ sqs, newName }) {
      const input = { QueueName: newName(), Attributes: { VisibilityTimeout: '77', DelaySeconds: '3' } }
      const first = await sqs.createQueue(input)
      equal(await sqs.createQueue(input), first, 'the answer')
    },
  },
  {
    name: 'CreateQueue repeated compares only the attributes of this call',
    evidence: 'R',
    covers: ['CreateQueue', 'CreateQueue.Attributes'],
    async run({ sqs, newName }) {
      const QueueName = newName()
      await sqs.createQueue({ QueueName, Attributes: { VisibilityTimeout: '77', DelaySeconds: '3' } })
      await sqs.createQueue({ QueueName, Attributes: { DelaySeconds: '3' } })
    },
  },
  {
    name: 'CreateQueue repeated compares with the defaults of what was never set',
    evidence: 'R',
    covers: ['CreateQueue', 'CreateQueue.Attributes'],
    async run({ sqs, newName }) {
      const QueueName = newName()
      await sqs.createQueue({ QueueName })
      await sqs.createQueue({ QueueName, Attributes: { VisibilityTimeout: '30', MessageRetentionPeriod: '345600' } })
    },
  },
  {
    name: 'CreateQueue repeated with another value is refused and names the attribute',
    evidence: 'R',
    covers: ['CreateQueue', 'CreateQueue.Attributes'],
    async run({ sqs, newName, attribute }) {
      const QueueName = newName()
      const { QueueUrl = '' } = await sqs.createQueue({ QueueName, Attributes: { VisibilityTimeout: '77' } })
      await fails(
        sqs.createQueue({ QueueName, Attributes: { VisibilityTimeout: '78' } }),
        'QueueNameExists',
        'A queue already exists with the same name and a different value for attribute VisibilityTimeout',
      )
      equal(await attribute(QueueUrl, 'VisibilityTimeout'), '77', 'the attribute afterwards')
    },
  },
  {
    name: 'CreateQueue repeated compares with the current values, not with the first ones',
    evidence: 'R',
    covers: ['CreateQueue', 'CreateQueue.Attributes', 'SetQueueAttributes'],
    async run({ sqs, newName }) {
      const QueueName = newName()
      const { QueueUrl } = await sqs.createQueue({ QueueName, Attributes: { VisibilityTimeout: '77' } })
      await sqs.setQueueAttributes({ QueueUrl, Attributes: { VisibilityTimeout: '88' } })
      await sqs.createQueue({ QueueName, Attributes: { VisibilityTimeout: '88' } })
      await fails(sqs.createQueue({ QueueName, Attributes: { VisibilityTimeout: '77' } }), 'QueueNameExists')
    },
  },
  {
    name: 'CreateQueue repeated does not mind messages in the queue',
    evidence: 'R',
    covers: ['CreateQueue', 'CreateQueue.Attributes'],
    async run({ sqs, newName }) {
      const QueueName = newName()
      const { QueueUrl } = await sqs.createQueue({ QueueName, Attributes: { DelaySeconds: '0' } })
      await sqs.sendMessage({ QueueUrl, MessageBody: 'x' })
      await sqs.createQueue({ QueueName, Attributes: { DelaySeconds: '0' } })
    },
  },
  {
    name: 'CreateQueue gives the queue its tags',
    covers: ['CreateQueue', 'CreateQueue.tags'],
    async run({ sqs, newName }) {
      const tags = { team: 'shop', 'cost center': '', '_.:/=+-@': 'ünï 1' }
      const { QueueUrl } = await sqs.createQueue({ QueueName: newName(), tags })
      equal(await sqs.listQueueTags({ QueueUrl }), { Tags: tags }, 'ListQueueTags')
    },
  },
  {
    name: 'CreateQueue repeated with other tags succeeds',
    evidence: 'R',
    covers: ['CreateQueue', 'CreateQueue.tags'],
    async run({ sqs, newName }) {
      const QueueName = newName()
      await sqs.createQueue({ QueueName, tags: { a: '1' } })
      await sqs.createQueue({ QueueName, tags: { a: '2' } })
    },
  },
  {
    name: 'CreateQueue repeated ignores the tags',
    evidence: 'U',
    covers: ['CreateQueue', 'CreateQueue.tags'],
    async run({ sqs, newName }) {
      const QueueName = newName()
      const { QueueUrl } = await sqs.createQueue({ QueueName, tags: { a: '1' } })
      await sqs.createQueue({ QueueName, tags: { a: '2', b: '3' } })
      equal(await sqs.listQueueTags({ QueueUrl }), { Tags: { a: '1' } }, 'ListQueueTags')
    },
  },
  {
    name: 'CreateQueue refuses a tag key that begins with aws:',
    covers: ['CreateQueue', 'CreateQueue.tags'],
    async run({ sqs, newName }) {
      await fails(sqs.createQueue({ QueueName: newName(), tags: { 'aws:x': '1' } }), 'InvalidParameterValueException')
    },
  },
  {
    name: 'CreateQueue after DeleteQueue is refused for 60 seconds',
    evidence: 'S',
    feature: 'strict',
    async run({ sqs, newName }) {
      const QueueName = newName()
      const { QueueUrl } = await sqs.createQueue({ QueueName })
      await sqs.deleteQueue({ QueueUrl })
      await fails(
        sqs.createQueue({ QueueName }),
        'QueueDeletedRecently',
        'You must wait 60 seconds after deleting a queue before you can create another with the same name.',
      )
    },
  },
  {
    name: 'CreateQueue makes two queues of one name at the same time into one',
    async run({ sqs, newName }) {
      const QueueName = newName()
      const answers = await Promise.all([1, 2, 3, 4].map(() => sqs.createQueue({ QueueName })))
      equal(new Set(answers.map(({ QueueUrl }) => QueueUrl)).size, 1, 'one URL')
    },
  },
])
