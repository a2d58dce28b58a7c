import type { Queue } from '@stanchion/queue'
import type { ConditionKeys } from '@stanchion/sqs'
import { type Caller, principalArn } from '../http/caller.ts'
import type { SqsRequest } from '../sqs/sqs-request.ts'

/** The tags that a request brings, or the keys of those that it names. */
export type RequestTags = Readonly<Record<string, string>> | readonly string[]

interface Subject {
  readonly request: SqsRequest
  readonly caller: Caller
  readonly queue: Queue | undefined
  readonly region: string
  readonly tags: RequestTags | undefined
}

/** The condition keys that a request has. Those that IAM knows besides (organisations, MFA, services, …) are absent from each. */
const KEYS: Readonly<Record<string, (subject: Subject) => string | readonly string[] | undefined>> = {
  'aws:currenttime': () => new Date().toISOString(),
  'aws:epochtime': () => String(Math.floor(Date.now() / 1_000)),
  'aws:sourceip': ({ request }) => request.ip,
  'aws:securetransport': ({ request }) => String(request.protocol === 'https'),
  'aws:useragent': ({ request }) => request.headers['user-agent'],
  'aws:referer': ({ request }) => request.headers.referer,
  'aws:requestedregion': ({ region }) => region,
  'aws:principalarn': ({ caller }) => principalArn(caller),
  'aws:principalaccount': ({ caller }) => caller.accountId,
  'aws:principaltype': () => 'User',
  'aws:principalisawsservice': () => 'false',
  'aws:viaawsservice': () => 'false',
  'aws:userid': ({ caller }) => caller.accessKeyId,
  'aws:username': ({ caller }) => caller.accessKeyId,
  'aws:resourceaccount': ({ queue }) => queue?.accountId,
  'aws:tagkeys': ({ tags }) => (tags === undefined || Array.isArray(tags) ? tags : Object.keys(tags)),
}

const RESOURCE_TAG = 'aws:resourcetag/'
const REQUEST_TAG = 'aws:requesttag/'

/** The values of the condition keys of a request. Nothing is read before a policy asks for it. */
export function conditionKeysOf(subject: Subject): ConditionKeys {
  return (name) => {
    const value = Object.hasOwn(KEYS, name) ? KEYS[name]?.(subject) : tagOf(subject, name)
    return value === undefined ? [] : typeof value === 'string' ? [value] : value
  }
}

function tagOf({ queue, tags }: Subject, name: string): string | undefined {
  if (name.startsWith(RESOURCE_TAG)) return find(queue?.tags, name.slice(RESOURCE_TAG.length))
  if (name.startsWith(REQUEST_TAG) && !Array.isArray(tags)) {
    return find(tags as Readonly<Record<string, string>> | undefined, name.slice(REQUEST_TAG.length))
  }
  return undefined
}

/** Names of condition keys have no case, so those of the tags in them have none either. */
function find(tags: Readonly<Record<string, string>> | undefined, key: string): string | undefined {
  return Object.entries(tags ?? {}).find(([name]) => name.toLowerCase() === key)?.[1]
}
