import { createHmac, createSecretKey, hash, type KeyObject } from 'node:crypto'

/** What a client signs with. */
export interface Credentials {
  readonly accessKeyId: string
  readonly secret: string
}

const REGION = 'us-east-1'
const SIGNED_HEADERS = 'content-type;host;x-amz-date;x-amz-target'

/**
 * Signs calls of SQS over AWS JSON (Signature Version 4), with nothing done twice: the key is derived once and the date is that of
 * the start, which is good for a quarter of an hour. An SDK's signer would make the load generator the bottleneck.
 */
export function createSigner(
  { accessKeyId, secret }: Credentials,
  host: string,
): (target: string, body: string) => string {
  const date = new Date().toISOString().replaceAll(/[-:]|\.\d+/g, '')
  const scope = `${date.slice(0, 8)}/${REGION}/sqs/aws4_request`
  const key = scope.split('/').reduce<Buffer>((parent, part) => hmac(parent, part), Buffer.from(`AWS4${secret}`))
  const signingKey = createSecretKey(key)
  return (target, body) => {
    const canonicalRequest =
      `POST\n/\n\ncontent-type:application/x-amz-json-1.0\nhost:${host}\nx-amz-date:${date}\nx-amz-target:${target}\n\n` +
      `${SIGNED_HEADERS}\n${sha256(body)}`
    const signature = hmac(signingKey, `AWS4-HMAC-SHA256\n${date}\n${scope}\n${sha256(canonicalRequest)}`).toString(
      'hex',
    )
    return (
      `X-Amz-Date: ${date}\r\nAuthorization: AWS4-HMAC-SHA256 Credential=${accessKeyId}/${scope}, ` +
      `SignedHeaders=${SIGNED_HEADERS}, Signature=${signature}\r\n`
    )
  }
}

function hmac(key: Buffer | KeyObject, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest()
}

function sha256(text: string): string {
  return hash('sha256', text)
}
