import { registerHooks } from 'node:module'
import type { SourcePatch } from './mutant.ts'
import { PATCHES_VARIABLE, patchedSource } from './patch-sources.ts'

/** Imported before a server: whatever it loads from now on is patched. The files stay as they are. */
const patches = JSON.parse(process.env[PATCHES_VARIABLE] ?? '[]') as readonly SourcePatch[]

registerHooks({
  load(url, context, nextLoad) {
    const loaded = nextLoad(url, context)
    if (loaded.source === undefined || loaded.source === null || !url.startsWith('file:')) return loaded
    const source = typeof loaded.source === 'string' ? loaded.source : Buffer.from(loaded.source as Buffer).toString()
    const patched = patchedSource(patches, url, source)
    return patched === source ? loaded : { ...loaded, source: patched }
  },
})
