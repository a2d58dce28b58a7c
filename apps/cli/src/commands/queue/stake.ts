import type { QueueCounts } from '@stanchion/client'
import { plural } from '../../output/plural.ts'

/** What would be lost with the messages of a queue, in words. */
export function stakeOf({ visible, inFlight, delayed }: QueueCounts): string {
  const messages = plural(visible + inFlight + delayed, 'message')
  return `${messages} (${visible} ready, ${inFlight} leased, ${delayed} delayed)`
}
