import type { Subject } from './api.ts'
import type { Protocol } from './clients/sqs-client.ts'
import type { Context } from './context.ts'

/** Parts of SQS that an endpoint may or may not have. */
export const FEATURES = [
  'standard',
  'fair-queues',
  'fifo',
  'dead-letters',
  'move-tasks',
  'permissions',
  'encryption',
  'signatures',
  'strict',
] as const

export type Feature = (typeof FEATURES)[number]

/**
 * How sure a rule is: recorded from the real service, documented by AWS, second hand (imitators, bug reports), or
 * unverified.
 */
export type Evidence = 'R' | 'D' | 'S' | 'U'

/** One rule of SQS and how to see that an endpoint keeps it. */
export interface Case {
  /** The rule, as a sentence that is true of SQS. Unique. */
  readonly name: string
  readonly evidence: Evidence
  readonly feature: Feature
  readonly covers: readonly Subject[]
  /** Absent: both. */
  readonly protocols?: readonly Protocol[]
  run(context: Context): Promise<void>
}

/** A case without the tags that its neighbours share. */
export type CaseDraft = Omit<Case, 'feature' | 'evidence' | 'covers'> &
  Partial<Pick<Case, 'feature' | 'evidence' | 'covers'>>

/** Cases that share tags; each may say otherwise. */
export function defineCases(
  shared: { readonly feature?: Feature; readonly evidence?: Evidence; readonly covers: readonly Subject[] },
  drafts: readonly CaseDraft[],
): readonly Case[] {
  return drafts.map((draft) => ({ feature: 'standard', evidence: 'D', ...shared, ...draft }))
}
