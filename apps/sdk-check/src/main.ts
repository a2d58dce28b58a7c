import { randomBytes } from 'node:crypto'
import { parseArgs } from 'node:util'
import { runClients } from '@stanchion/conformance-clients'
import { toClient } from './sdk.ts'
import { SDKS } from './sdks.ts'
import { withLocalServer } from './with-local-server.ts'

/** The entry point: generates clients from the spec, builds them, and runs them against a server of its own. */

const NAMES = SDKS.map(({ name }) => name)
const USAGE = `usage: npm run sdk:check -- [SDK...] [--require SDK]... [--install-minutes 30]

SDKs: ${NAMES.join(', ')}; all when none is named.
It starts the server of this repository, on the Postgres of DATABASE_URL or an embedded one.
An SDK whose toolchain or packages are not to be had, in all within the minutes for installing, is skipped; with --require that is a failure.`

function fail(message: string): never {
  console.error(message)
  process.exit(2)
}

function readOptions() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        'install-minutes': { type: 'string', default: '30' },
        require: { type: 'string', multiple: true, default: [] },
      },
    })
  } catch (error) {
    fail(`${error instanceof Error ? error.message : error}\n${USAGE}`)
  }
}

const { values: options, positionals } = readOptions()
const named = new Set([...positionals, ...options.require])
const unknown = [...named].find((name) => !NAMES.includes(name))
if (unknown !== undefined) fail(`There is no SDK "${unknown}".\n${USAGE}`)
const installMinutes = Number(options['install-minutes'])
if (!(installMinutes >= 0)) fail(`--install-minutes is a number.\n${USAGE}`)

await withLocalServer((server) =>
  runClients({
    clients: SDKS.filter(({ name }) => positionals.length === 0 || named.has(name)).map(toClient),
    required: options.require,
    installMinutes,
    environment: () => ({
      STANCHION_URL: server.url,
      STANCHION_ACCESS_KEY: `${server.accessKeyId}.${server.secretAccessKey}`,
      // Names of queues begin with it, so that runs do not meet.
      QUEUE_PREFIX: `sdk-${randomBytes(4).toString('hex')}-`,
    }),
    print: console.log,
  }),
)
