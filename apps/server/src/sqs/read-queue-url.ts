import { isQueueName, parseQueueUrl, type QueueAddress } from '@stanchion/sqs'

const KNOWN_MAX = 10_000
const LENGTH_MAX = 512

const known = new Map<string, QueueAddress>()

/**
 * The queue that a URL names, if its name can be one. Callers send the same few URLs with every request, so these are read
 * once; what is kept is bounded in number and length.
 */
export function readQueueUrl(url: string): QueueAddress | undefined {
  const remembered = known.get(url)
  if (remembered !== undefined) return remembered
  const address = parseQueueUrl(url)
  if (address === undefined || !isQueueName(address.name)) return undefined
  if (url.length <= LENGTH_MAX) {
    if (known.size >= KNOWN_MAX) known.clear()
    known.set(url, address)
  }
  return address
}
