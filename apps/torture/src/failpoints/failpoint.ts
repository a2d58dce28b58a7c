import type { SourcePatch } from '../mutants/mutant.ts'

/** Where a server ends itself: a statement of the hot path is about to be sent, has been sent, or is committed and not yet answered for. */
export const FAILPOINTS = ['read', 'sent', 'committed'] as const

export type Failpoint = (typeof FAILPOINTS)[number]

/** Names the file in which a server finds where it ends. */
export const FAILPOINT_FILE_VARIABLE = 'FAILPOINT_FILE'

/** Tells a server to look into that file. */
export const FAILPOINT_SIGNAL = 'SIGUSR2'

/** What stands in the file. */
export interface ArmedFailpoint {
  readonly at: Failpoint
  /** The so-manieth time that it comes there, from 1. */
  readonly hit: number
}

const FILE = 'packages/queue/src/database/database.ts'

/** Makes a server, in its memory alone, tell the hook in `preload.ts` where it is. */
export const FAILPOINT_PATCHES: readonly SourcePatch[] = [
  {
    file: FILE,
    find: '      const rows = await HotQuery.run(',
    replace: `      globalThis.stanchionFailpoint('read')
      setImmediate(() => globalThis.stanchionFailpoint('sent'))
      const rows = await HotQuery.run(`,
  },
  {
    file: FILE,
    find: `      this.#unconfirmed.refuse(client)
      client.release()`,
    replace: `      globalThis.stanchionFailpoint('committed')
      this.#unconfirmed.refuse(client)
      client.release()`,
  },
]
