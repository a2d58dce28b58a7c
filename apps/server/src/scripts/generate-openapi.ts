import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import type { Doctor } from '@stanchion/doctor'
import type { Engine } from '@stanchion/queue'
import { stringify } from 'yaml'
import { createApp } from '../app.ts'
import { loadConfig } from '../config.ts'
import { createLogger } from '../logger.ts'
import { createMetrics } from '../metrics/index.ts'
import { toOpenApi30 } from '../openapi/to-openapi-30.ts'

/**
 * Writes `openapi.yaml` from the routes, and `openapi-3.0.yaml` from that; with `--check` it compares instead and fails on a
 * difference. The routes are registered and never called, so there is no database behind them.
 */
const TOP = new URL('../../../../', import.meta.url)

const app = await createApp({
  config: loadConfig({}),
  engine: {} as Engine,
  doctor: {} as Doctor,
  metrics: createMetrics({ queuesMax: 0, allow: [] }),
  logger: createLogger('error'),
})
await app.ready()
const document = app.swagger()
await app.close()

const FILES = [
  { name: 'openapi.yaml', source: 'the routes in apps/server/src/routes', content: document },
  { name: 'openapi-3.0.yaml', source: 'openapi.yaml, for what knows no OpenAPI 3.1', content: toOpenApi30(document) },
]
for (const { name, source, content } of FILES) {
  const file = new URL(name, TOP)
  const yaml = stringify(content, { aliasDuplicateObjects: false, compat: 'yaml-1.1' })
  const text = `# Generated from ${source}; do not edit.\n${yaml}`
  if (!process.argv.includes('--check')) {
    writeFileSync(file, text)
  } else if (!existsSync(file) || readFileSync(file, 'utf8') !== text) {
    process.stderr.write(`${name} differs from the routes; run "npm run generate".\n`)
    process.exitCode = 1
  }
}
