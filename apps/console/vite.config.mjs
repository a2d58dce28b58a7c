import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { brotliCompressSync, gzipSync } from 'node:zlib'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'
import { renderRunbook } from './render-runbook.mjs'

/** Compresses every text once, here, rather than for each visitor. */
const compressed = {
  name: 'compressed',
  apply: 'build',
  writeBundle({ dir }, bundle) {
    for (const file of Object.keys(bundle)) {
      if (!/\.(js|css|svg)$/.test(file)) continue
      const path = join(dir, file)
      const text = readFileSync(path)
      writeFileSync(`${path}.gz`, gzipSync(text, { level: 9 }))
      writeFileSync(`${path}.br`, brotliCompressSync(text))
    }
  },
}

/** The runbooks of docs/operate come with the console: who needs one may not have the repository at hand. */
const runbooks = {
  name: 'runbooks',
  enforce: 'pre',
  transform(text, id) {
    if (!id.endsWith('.md')) return undefined
    return { code: `export default ${JSON.stringify(renderRunbook(text))}`, map: null }
  },
}

export default defineConfig({
  base: '/console/',
  plugins: [react(), runbooks, compressed],
  build: {
    target: 'es2023',
    // Nothing inline: the policy of the page forbids it.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 1_500,
    reportCompressedSize: false,
  },
  // For work on the console itself: the server runs on its usual port beside it.
  server: { proxy: { '/v1': 'http://127.0.0.1:9324' } },
})
