import { type PatchedStart, patchSources } from '../mutants/patch-sources.ts'
import { FAILPOINT_PATCHES } from './failpoint.ts'

const PRELOAD = new URL('./preload.ts', import.meta.url).href

/**
 * A server that can be told to end itself at a point.
 * @throws Error when its sources have no such points any more, or are patched already
 */
export function withFailpoints({ env, nodeArgs }: PatchedStart): PatchedStart {
  if (nodeArgs.length > 0) throw new Error('a server that is patched already has no failpoints')
  const patched = patchSources(FAILPOINT_PATCHES)
  return { nodeArgs: ['--import', PRELOAD, ...patched.nodeArgs], env: { ...env, ...patched.env } }
}
