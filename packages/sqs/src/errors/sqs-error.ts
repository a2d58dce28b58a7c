import { SQS_ERRORS, type SqsErrorEntry, type SqsErrorName } from './sqs-errors.ts'

/** An error as a client of SQS sees it. */
export class SqsError extends Error {
  override readonly name = 'SqsError'
  /** Its JSON shape. */
  readonly shape: SqsErrorName

  /** @param cause what was thrown underneath; for the log, never for the client */
  constructor(shape: SqsErrorName, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause })
    this.shape = shape
  }

  get entry(): SqsErrorEntry {
    return SQS_ERRORS[this.shape]
  }
}
