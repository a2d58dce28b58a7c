import type { KnownGap } from './gap.ts'
import type { Compat } from './start-local-server.ts'

/**
 * What the server of this repository is known not to do. A gap whose cases pass is an error, so the list can only shrink.
 */
export const KNOWN_GAPS: readonly KnownGap[] = [
  {
    case: 'A later change of DeduplicationScope is shown and changes nothing',
    reason: 'On purpose: a setting that is shown holds, from the next send on.',
  },
  {
    feature: 'strict',
    compat: 'relaxed',
    reason:
      'On purpose: Amazon refuses for 60 seconds what Stanchion can do at once, and longer times than its own. STANCHION_COMPAT=strict refuses it, too.',
  },
  {
    case: 'Query with Accept: application/json answers the tree of the XML as JSON',
    reason: 'No client is known to ask for it.',
  },
  {
    case: 'DeleteMessage by an older handle removes the message of a standard queue',
    reason: 'On purpose: a worker that lost its lease must not remove the message under the worker that holds it.',
  },
  {
    case: 'ChangeMessageVisibility by an older handle works on a standard queue',
    reason: 'On purpose: a worker that lost its lease must not move the lease of the worker that holds it.',
  },
]

/** The gaps of a server that is started like this. */
export function gapsOf(compat: Compat): readonly KnownGap[] {
  return KNOWN_GAPS.filter((gap) => gap.compat === undefined || gap.compat === compat)
}
