import { readFileSync, writeFileSync } from 'node:fs'
import type { Engine } from '@stanchion/queue'
import { stringify } from 'yaml'
import { createApp } from '../app.ts'
import { loadConfig } from '../config.ts'
import { createLogger } from '../logger.ts'
import { createMetrics } from '../metrics.ts'

/**
 * Writes `openapi.yaml` from the routes; with `--check` it compares instead and fails on a difference. The routes are
 * registered and never called, so there is no database behind them.
 */
const FILE = new URL('../../../../openapi.yaml', import.meta.url)

const app = await createApp({
  config: loadConfig({}),
  engine: {} as Engine,
  metrics: createMetrics(),
  logger: createLogger('error'),
})
await app.ready()
const text = `# Generated from the routes in apps/server/src/routes; do not edit.\n${stringify(app.swagger(), { aliasDuplicateObjects: false, compat: 'yaml-1.1' })}`
await app.close()

if (!process.argv.includes('--check')) {
  writeFileSync(FILE, text)
} else if (readFileSync(FILE, 'utf8') !== text) {
  process.stderr.write('openapi.yaml differs from the routes; run "npm run generate".\n')
  process.exitCode = 1
}
