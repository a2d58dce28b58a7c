import { describe, expect, it } from '@jest/globals'
import { presignUrl, signHeaders } from './sign.ts'

const TARGET = { endpoint: 'http://127.0.0.1:9324', region: 'us-east-1', accessKeyId: 'AK', secretAccessKey: 'SK' }
const NOW = new Date('2026-08-01T12:00:00Z')

// The expected signatures are those of @smithy/signature-v4 5.7.5 for the same requests.
describe('Signature Version 4', () => {
  it('signs headers as the AWS SDK does', () => {
    const { authorization } = signHeaders(
      {
        method: 'POST',
        url: `${TARGET.endpoint}/000000000000/q?b=1%202&a=x%2Fy`,
        headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
        body: 'Action=X',
        now: NOW,
      },
      TARGET,
    )
    expect(authorization).toBe(
      'AWS4-HMAC-SHA256 Credential=AK/20260801/us-east-1/sqs/aws4_request, SignedHeaders=content-type;host;x-amz-date, ' +
        'Signature=f020590efc34187ec03c61e2791d9e2588b63502f3243b770044632b6e662727',
    )
  })

  it('presigns a URL as the AWS SDK does', () => {
    const address = `${TARGET.endpoint}/000000000000/q?Action=GetQueueAttributes&AttributeName.1=All`
    const url = new URL(presignUrl(TARGET, address, 60, NOW))
    expect(url.searchParams.get('X-Amz-Signature')).toBe(
      'a899b4406fde24bedddfa618dd393841328e22a42d28f1651c0645b8940a31b2',
    )
  })
})
