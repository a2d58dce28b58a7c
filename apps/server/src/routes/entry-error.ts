import type { HandleResult, QueueError } from '@stanchion/queue'

/** Shows the error of one entry of a request with many. */
export function toEntryError(error: QueueError) {
  const view = { code: error.code, detail: error.message }
  return error.details.field === undefined ? view : { ...view, field: error.details.field }
}

/** Shows what became of one receipt handle of a request with many: an empty object when it worked. */
export function toHandleResultView(result: HandleResult) {
  return result === null ? {} : { error: toEntryError(result) }
}
