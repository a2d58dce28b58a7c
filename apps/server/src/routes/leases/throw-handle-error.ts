import type { HandleResult } from '@stanchion/queue'

/** Turns the result of a request for one receipt handle into the outcome of the request. */
export function throwHandleError([result]: readonly HandleResult[]): void {
  if (result === undefined) throw new Error('a request for one receipt handle answered no result')
  if (result !== null) throw result
}
