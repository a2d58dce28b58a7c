import type { Counts, Entry, LeaseChange, Result } from '../../history/event.ts'
import type { ReceiveOptions } from './wire.ts'

/** What both protocols of SQS call the same. */

export const toReceiveMembers = ({ max, waitSeconds, leaseSeconds, attemptId }: ReceiveOptions) => ({
  MaxNumberOfMessages: max,
  WaitTimeSeconds: waitSeconds,
  VisibilityTimeout: leaseSeconds,
  ReceiveRequestAttemptId: attemptId,
})

export const toDeleteMembers = (handles: readonly string[]) => handles.map((ReceiptHandle) => ({ ReceiptHandle }))

export const toChangeMembers = (changes: readonly LeaseChange[]) =>
  changes.map(({ handle, leaseSeconds }) => ({ ReceiptHandle: handle, VisibilityTimeout: leaseSeconds }))

/** The results of entries of which an answer says nothing but how they came out. */
export const resultOf =
  (kind: 'delete' | 'change') =>
  (entries: readonly Entry<object>[]): Result => ({ kind, entries })

/** Such an entry has nothing to read. */
export const noDetails = () => ({})

export const toCounts = (attributes: Readonly<Record<string, string>>): Counts => ({
  visible: Number(attributes.ApproximateNumberOfMessages),
  inFlight: Number(attributes.ApproximateNumberOfMessagesNotVisible),
  delayed: Number(attributes.ApproximateNumberOfMessagesDelayed),
})
