/** What a queue URL says. */
export interface QueueAddress {
  /** Absent: the caller's own. */
  readonly accountId: string | undefined
  readonly name: string
}

const ACCOUNT = /^\d{1,20}$/

/**
 * Reads a queue URL, the path of one, or the bare name of a queue. Only the last two parts of the path matter: clients in
 * containers and tunnels see other hosts and ports than the one in the URL.
 * @returns `undefined` when there is no name in it
 */
export function parseQueueUrl(url: string): QueueAddress | undefined {
  const path = pathOf(url)
  let end = path.length
  while (end > 0 && path.charCodeAt(end - 1) === SLASH) end -= 1
  const nameStart = path.lastIndexOf('/', end - 1) + 1
  const name = decodePart(path.slice(nameStart, end))
  if (name === undefined || name === '') return undefined
  const accountEnd = nameStart - 1
  const account = accountEnd <= 0 ? '' : path.slice(path.lastIndexOf('/', accountEnd - 1) + 1, accountEnd)
  return { accountId: ACCOUNT.test(account) ? account : undefined, name }
}

/** The URL under which a queue is handed out. `base` ends without a slash. */
export function formatQueueUrl(base: string, accountId: string, name: string): string {
  return `${base}/${accountId}/${name}`
}

/** The ARN of a queue; the partition follows from the region. */
export function formatQueueArn(region: string, accountId: string, name: string): string {
  const partition = region.startsWith('cn-') ? 'aws-cn' : region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws'
  return `arn:${partition}:sqs:${region}:${accountId}:${name}`
}

const SLASH = 47

function pathOf(url: string): string {
  const scheme = url.indexOf('://')
  let start = 0
  if (scheme >= 0) {
    start = url.indexOf('/', scheme + 3)
    if (start < 0) return ''
  }
  const end = url.search(/[?#]/)
  return url.slice(start, end < 0 ? undefined : end)
}

function decodePart(part: string): string | undefined {
  if (!part.includes('%')) return part
  try {
    return decodeURIComponent(part)
  } catch {
    return undefined
  }
}
