import { missingParameter } from '../errors/error-texts.ts'
import { SqsError } from '../errors/sqs-error.ts'
import type { BatchResultErrorEntry } from '../shapes/batch-result-error-entry.ts'

export type BatchNoun =
  | 'SendMessageBatchRequestEntry'
  | 'DeleteMessageBatchRequestEntry'
  | 'ChangeMessageVisibilityBatchRequestEntry'

const ENTRIES_MAX = 10
const ENTRY_ID = /^[A-Za-z0-9_-]{1,80}$/

/** An entry whose id is known to be there and legal. */
export type Identified<E> = E & { readonly Id: string }

/**
 * The rules that a batch must pass as a whole: the number of its entries and their ids.
 * @throws SqsError `EmptyBatchRequest`, `TooManyEntriesInBatchRequest`, `MissingRequiredParameterException`,
 *   `InvalidBatchEntryId`, `BatchEntryIdsNotDistinct`
 */
export function checkBatchEntries<E extends { readonly Id?: string | undefined }>(
  entries: readonly E[],
  noun: BatchNoun,
): asserts entries is readonly Identified<E>[] {
  if (entries.length === 0) {
    throw new SqsError('EmptyBatchRequest', `There should be at least one ${noun} in the request.`)
  }
  if (entries.length > ENTRIES_MAX) {
    throw new SqsError(
      'TooManyEntriesInBatchRequest',
      `Maximum number of entries per request are ${ENTRIES_MAX}. You have sent ${entries.length}.`,
    )
  }
  const seen = new Set<string>()
  let repeated: string | undefined
  for (const [index, { Id }] of entries.entries()) {
    if (Id === undefined) throw missingParameter(`${noun}.${index + 1}.Id`)
    if (!ENTRY_ID.test(Id)) {
      throw new SqsError(
        'InvalidBatchEntryId',
        'A batch entry id can only contain alphanumeric characters, hyphens and underscores. It can be at most 80 letters long.',
      )
    }
    if (seen.has(Id)) repeated ??= Id
    seen.add(Id)
  }
  if (repeated !== undefined) throw new SqsError('BatchEntryIdsNotDistinct', `Id ${repeated} repeated.`)
}

/** What a batch answers for an entry that failed. */
export function failedEntry(id: string, { entry, message }: SqsError): BatchResultErrorEntry {
  return { Id: id, SenderFault: entry.fault === 'Sender', Code: entry.queryCode, Message: message }
}
