import type { Fault } from '../faults/fault.ts'
import type { DrainOptions } from '../workload/drain.ts'

/** A text that takes the place of another one. The other one has to be there, exactly once. */
export interface Replacement {
  readonly find: string
  readonly replace: string
}

/** A change of a SQL function of the schema `stanchion`, by its name without the schema. */
export interface FunctionPatch extends Replacement {
  readonly function: string
}

/** A change of a source file, in the servers' memory alone; the path counts from the root of the repository. */
export interface SourcePatch extends Replacement {
  readonly file: string
}

/** Settings of the whole Postgres, changed while it runs. */
export interface SettingsPatch {
  readonly settings: Readonly<Record<string, string>>
}

/** What a mutant does to a test database or its servers. */
export type Patch = FunctionPatch | SourcePatch | SettingsPatch | { readonly sql: string }

/** A server that is broken on purpose, to see a checker go red. */
export interface Mutant {
  readonly name: string
  /** What it breaks, in a sentence. */
  readonly about: string
  /** The promises that it breaks, by their numbers. */
  readonly promises: readonly string[]
  /** The checkers that have to go red: any of them is enough. */
  readonly checkers: readonly [string, ...string[]]
  /** Made in this order, when the schema is there and before the first request. */
  readonly patches: readonly [Patch, ...Patch[]]
  /** What the server as it is has to bear, too, so that the mistake can show. Absent: nothing. */
  readonly traps?: readonly Patch[]
  /** What has to happen for the mistake to show. Absent: nothing. */
  readonly faults?: readonly Fault[]
  /** Absent: as every round. */
  readonly drain?: DrainOptions
}

/** All that is done to a server that is this mutant. */
export function patchesOf({ traps = [], patches }: Mutant): readonly Patch[] {
  return [...traps, ...patches]
}

/** The patches of source files among these. */
export function sourcePatchesOf(patches: readonly Patch[]): readonly SourcePatch[] {
  return patches.filter((patch) => 'file' in patch)
}
