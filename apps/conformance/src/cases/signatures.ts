import { type Case, type CaseDraft, defineCases } from '../case.ts'
import { readQueryAnswer } from '../clients/query-client.ts'
import { presignUrl, signHeaders } from '../clients/sign.ts'
import { SqsCallError, type Target } from '../clients/sqs-client.ts'
import type { Context } from '../context.ts'
import type { ErrorName } from '../errors.ts'
import { fails } from '../expect.ts'

interface Call {
  readonly headers: Record<string, string>
  readonly body: string
}

/** The request ListQueues in the protocol of the run. */
function listQueues({ protocol }: Context): Call {
  return protocol === 'json'
    ? { headers: { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': 'AmazonSQS.ListQueues' }, body: '{}' }
    : { headers: { 'content-type': 'application/x-www-form-urlencoded' }, body: 'Action=ListQueues' }
}

/** Sends exactly these headers, and reads the answer in the protocol of the run. */
async function send({ http, protocol }: Context, { headers, body }: Call): Promise<object> {
  const answer = await http({ headers, body, unsigned: true })
  if (protocol === 'query') return readQueryAnswer('ListQueues', answer)
  const output = JSON.parse(answer.text)
  if (answer.status === 200) return output
  const [queryCode = '', fault] = (answer.headers.get('x-amzn-query-error') ?? '').split(';')
  throw new SqsCallError({
    status: answer.status,
    // The SDK would name what is not in its model by the query code.
    shape: queryCode,
    queryCode,
    message: output.message ?? output.Message ?? '',
    fault: fault === 'Receiver' ? 'Receiver' : 'Sender',
  })
}

/** The request, signed as somebody else or at another time. */
function signed(context: Context, changes: { readonly target?: Partial<Target>; readonly now?: Date } = {}): Call {
  const call = listQueues(context)
  const request = { method: 'POST', url: `${context.target.endpoint}/`, ...call }
  const { now, target } = changes
  return { ...call, headers: signHeaders({ ...request, ...(now && { now }) }, { ...context.target, ...target }) }
}

const MINUTE = 60_000
const ago = (minutes: number) => new Date(Date.now() - minutes * MINUTE)

const DOES_NOT_MATCH =
  'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.'

const BAD: readonly (readonly [
  what: string,
  make: (context: Context) => Call,
  error: ErrorName,
  message: string | RegExp | undefined,
  evidence: 'R' | 'S' | 'D',
])[] = [
  [
    'A wrong secret is InvalidSignatureException, 403',
    (context) => signed(context, { target: { secretAccessKey: 'wrong' } }),
    'InvalidSignatureException',
    DOES_NOT_MATCH,
    'R',
  ],
  [
    'An unknown access key is UnrecognizedClientException, 403',
    (context) => signed(context, { target: { accessKeyId: 'AKIAUNKNOWNUNKNOWN00' } }),
    'UnrecognizedClientException',
    'The security token included in the request is invalid.',
    'R',
  ],
  [
    'A body that was changed after signing is InvalidSignatureException, 403',
    (context) => {
      const call = signed(context)
      return { ...call, body: context.protocol === 'json' ? '{"MaxResults":1}' : 'Action=ListQueues&MaxResults=1' }
    },
    'InvalidSignatureException',
    DOES_NOT_MATCH,
    'R',
  ],
  [
    'A signed header that was changed is InvalidSignatureException, 403',
    (context) => {
      const call = signed(context)
      const type = call.headers['content-type'] ?? ''
      return { ...call, headers: { ...call.headers, 'content-type': `${type}; charset=utf-8` } }
    },
    'InvalidSignatureException',
    DOES_NOT_MATCH,
    'R',
  ],
  [
    'A signature of 16 minutes ago is InvalidSignatureException, 403',
    (context) => signed(context, { now: ago(16) }),
    'InvalidSignatureException',
    /^Signature expired: \d{8}T\d{6}Z is now earlier than \d{8}T\d{6}Z \(\d{8}T\d{6}Z - 15 min\.\)$/,
    'S',
  ],
  [
    'A signature of in 16 minutes is InvalidSignatureException, 403',
    (context) => signed(context, { now: ago(-16) }),
    'InvalidSignatureException',
    /^Signature not yet current: /,
    'S',
  ],
  [
    'An Authorization that cannot be parsed is IncompleteSignatureException, 400',
    (context) => {
      const call = signed(context)
      return { ...call, headers: { ...call.headers, authorization: 'AWS4-HMAC-SHA256 nonsense' } }
    },
    'IncompleteSignatureException',
    undefined,
    'R',
  ],
  [
    'A signed header that was not sent is IncompleteSignatureException, 400',
    (context) => {
      const call = signed(context)
      const authorization = call.headers.authorization?.replace('SignedHeaders=', 'SignedHeaders=absent;') ?? ''
      return { ...call, headers: { ...call.headers, authorization } }
    },
    'IncompleteSignatureException',
    undefined,
    'R',
  ],
]

/** Rules of Signature Version 4. */
export const signatureCases = defineCases({ feature: 'signatures', covers: ['ListQueues'] }, [
  {
    name: 'A request that is signed by hand is accepted, and so is one of 14 minutes ago',
    async run(context) {
      await send(context, signed(context))
      await send(context, signed(context, { now: ago(14) }))
    },
  },
  ...BAD.map(
    ([name, make, error, message, evidence]): CaseDraft => ({
      name,
      evidence,
      async run(context) {
        await fails(send(context, make(context)), error, message)
      },
    }),
  ),
  {
    name: 'A request that is not signed is denied with 403',
    evidence: 'R',
    async run(context) {
      const call = send(context, listQueues(context))
      const isDenied = (error: unknown) =>
        error instanceof SqsCallError && /^(AccessDenied|MissingAuthenticationToken)$/.test(error.queryCode)
      await fails(
        call.catch((error: unknown) => {
          // Amazon's name for it, and the framework's, which tells more.
          if (!isDenied(error)) throw error
          const { status, message } = error as SqsCallError
          const queryCode = 'AccessDenied'
          const shape = context.protocol === 'json' ? queryCode : undefined
          throw new SqsCallError({ status, shape, queryCode, message, fault: 'Sender' })
        }),
        'AccessDeniedException',
      )
    },
  },
  ...(
    [
      ['is accepted', 60, ago(0), undefined],
      ['is refused after its time', 60, ago(2), true],
    ] as const
  ).map(
    ([what, expiresSeconds, now, isRefused]): Omit<Case, 'evidence' | 'feature'> => ({
      name: `A presigned GET ${what}`,
      covers: ['GetQueueAttributes'],
      protocols: ['query'],
      async run({ http, queue, target }) {
        const QueueUrl = await queue()
        const address = `${QueueUrl}?Action=GetQueueAttributes&AttributeName.1=All`
        const url = new URL(presignUrl(target, address, expiresSeconds, now))
        const answer = await http({ method: 'GET', path: url.pathname + url.search, unsigned: true })
        if (isRefused !== true) readQueryAnswer('GetQueueAttributes', answer)
        else if (answer.status < 400 || answer.status >= 500) {
          await fails(Promise.resolve(answer.text), 'InvalidSignatureException')
        }
      },
    }),
  ),
  {
    name: 'A presigned GET that was changed is refused',
    protocols: ['query'],
    async run({ http, target }) {
      const url = new URL(presignUrl(target, `${target.endpoint}/?Action=ListQueues`, 60))
      const path = `${url.pathname}${url.search}&QueueNamePrefix=x`
      const answer = http({ method: 'GET', path, unsigned: true })
      const call = answer.then((got) => readQueryAnswer('ListQueues', got))
      await fails(call, 'InvalidSignatureException')
    },
  },
])
