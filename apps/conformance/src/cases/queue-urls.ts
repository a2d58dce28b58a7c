import { type CaseDraft, defineCases } from '../case.ts'
import { check, equal, fails } from '../expect.ts'

/** Other ways to write the URL of a queue, all of which mean the same. */
const FORMS: readonly (readonly [what: string, url: (account: string, name: string) => string, evidence: 'D' | 'S'])[] =
  [
    ['another host, port and scheme', (account, name) => `https://sqs.example.com:8443/${account}/${name}`, 'D'],
    ['the host of Amazon', (account, name) => `https://sqs.us-east-1.amazonaws.com/${account}/${name}`, 'D'],
    ['the legacy host of Amazon', (account, name) => `https://queue.amazonaws.com/${account}/${name}`, 'D'],
    ['a trailing slash', (account, name) => `http://localhost/${account}/${name}/`, 'S'],
    ['the path alone', (account, name) => `/${account}/${name}`, 'S'],
    [
      'percent-encoded characters',
      (account, name) => `http://localhost/${account}/${name.replaceAll('-', '%2D')}`,
      'S',
    ],
    ['the bare name', (_account, name) => name, 'S'],
    ['no account', (_account, name) => `http://localhost:9324/${name}`, 'S'],
    ['/queue/ before the name', (_account, name) => `http://localhost:9324/queue/${name}`, 'S'],
    [
      'queue, region, account and name',
      (account, name) => `http://localhost:4566/queue/us-east-1/${account}/${name}`,
      'S',
    ],
  ]

/** Rules of the addresses of queues. */
export const queueUrlCases = defineCases({ covers: ['SendMessage.QueueUrl'] }, [
  ...FORMS.map(
    ([what, url, evidence]): CaseDraft => ({
      name: `A QueueUrl with ${what} is understood`,
      evidence,
      async run({ sqs, queue, receiveOne }) {
        const QueueUrl = await queue()
        const [account = '', name = ''] = QueueUrl.split('/').slice(-2)
        await sqs.sendMessage({ QueueUrl: url(account, name), MessageBody: 'x' })
        equal((await receiveOne(QueueUrl)).Body, 'x', 'the body')
      },
    }),
  ),
  {
    name: 'A QueueUrl of another account is that of no queue',
    evidence: 'S',
    async run({ sqs, queue }) {
      const QueueUrl = (await queue()).replace(/\/\d{12}\//, '/999988887777/')
      await fails(sqs.sendMessage({ QueueUrl, MessageBody: 'x' }), 'QueueDoesNotExist')
    },
  },
  {
    name: 'A QueueUrl without a name is that of no queue',
    evidence: 'S',
    async run({ sqs, target }) {
      await fails(sqs.sendMessage({ QueueUrl: `${target.endpoint}/`, MessageBody: 'x' }), 'QueueDoesNotExist')
    },
  },
  {
    name: 'A QueueUrl that the endpoint hands out is under the address that the client used',
    covers: ['CreateQueue', 'GetQueueUrl', 'ListQueues'],
    async run({ sqs, newName, target }) {
      const QueueName = newName()
      const { QueueUrl = '' } = await sqs.createQueue({ QueueName })
      check(QueueUrl.startsWith(`${target.endpoint}/`), `a URL under ${target.endpoint}`, QueueUrl)
      equal(await sqs.listQueues({ QueueNamePrefix: QueueName }), { QueueUrls: [QueueUrl] }, 'ListQueues')
    },
  },
])
