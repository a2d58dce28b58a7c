import type { SendOptions, SendResult } from '../types.ts'

/**
 * Asked before anything is sent, with the results of the messages that were refused already.
 * @throws QueueError the first that the caller does not want to stand alone
 */
export function refuseAll(results: readonly (SendResult | undefined)[], { refuseAllOn = [] }: SendOptions): void {
  for (const result of results) if (result?.ok === false && refuseAllOn.includes(result.error.code)) throw result.error
}
