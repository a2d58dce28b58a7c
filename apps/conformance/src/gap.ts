import type { Case, Feature } from './case.ts'
import type { Protocol } from './clients/sqs-client.ts'
import type { Compat } from './start-local-server.ts'

/** What an endpoint is known not to do. */
export type KnownGap = {
  readonly reason: string
  /** Absent: whether the server is strict or not. */
  readonly compat?: Compat
} & (
  | {
      /** No case of this feature has to pass. Those that pass by chance are no error, unless all of them do. */
      readonly feature: Feature
    }
  | {
      /** The name of a case, which must fail. */
      readonly case: string
      /** Absent: in both. */
      readonly protocol?: Protocol
    }
)

/** The gap that covers a run, the narrowest first. */
export function findGap(gaps: readonly KnownGap[], item: Case, protocol: Protocol): KnownGap | undefined {
  const byName = gaps.find(
    (gap) => 'case' in gap && gap.case === item.name && (gap.protocol === undefined || gap.protocol === protocol),
  )
  return byName ?? gaps.find((gap) => 'feature' in gap && gap.feature === item.feature)
}
