/** The algorithm that SQS knows. */
export const ALGORITHM = 'AWS4-HMAC-SHA256'

/** A signature as it stands in a request, read but not judged. */
export interface SignatureParts {
  /** `<key>/<yyyymmdd>/<region>/<service>/aws4_request`. */
  readonly credential: string
  /** Names joined by `;`. */
  readonly signedHeaders: string
  readonly signature: string
  /** In the form `20150830T123600Z`, unless the client sent something else. */
  readonly date: string
  /** The header that carries the date and must be signed; absent in a presigned URL, where the query string has it. */
  readonly dateHeader?: 'x-amz-date' | 'date'
  /** How long a presigned URL is valid, as sent; absent in a signature in the header. */
  readonly expiresSeconds?: string
}
