import { readFileSync } from 'node:fs'
import type { SourcePatch } from './mutant.ts'
import { replaceOnce } from './replace-once.ts'

/** Where the hook finds its patches: an array of them as JSON. */
export const PATCHES_VARIABLE = 'MUTANT_PATCHES'

const ROOT = new URL('../../../../', import.meta.url)
const HOOK = new URL('./patch-hook.ts', import.meta.url).href

/** What a Node is started with so that it reads these files with other texts in them. */
export interface PatchedStart {
  readonly nodeArgs: readonly string[]
  readonly env: Readonly<Record<string, string>>
}

/**
 * Makes a Node load patched sources.
 * @throws Error when a patch does not fit its file
 */
export function patchSources(patches: readonly SourcePatch[]): PatchedStart {
  if (patches.length === 0) return { nodeArgs: [], env: {} }
  // Tried here, where it stops the run; a server that cannot start would be started again and again.
  for (const file of new Set(patches.map((patch) => patch.file))) {
    patchedSource(patches, urlOf(file), readFileSync(new URL(file, ROOT), 'utf8'))
  }
  return { nodeArgs: ['--import', HOOK], env: { [PATCHES_VARIABLE]: JSON.stringify(patches) } }
}

/** A source with all patches of its file made; as it was when there are none. */
export function patchedSource(patches: readonly SourcePatch[], url: string, source: string): string {
  return patches
    .filter(({ file }) => urlOf(file) === url)
    .reduce((text, patch) => replaceOnce(text, patch, patch.file), source)
}

function urlOf(file: string): string {
  return new URL(file, ROOT).href
}
