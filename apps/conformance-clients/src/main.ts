import { randomBytes } from 'node:crypto'
import { parseArgs } from 'node:util'
import { startLocalServer } from '@stanchion/conformance'
import { CLIENTS } from './clients.ts'
import { runClients } from './run-clients.ts'
import { endRunningCommands } from './run-command.ts'

/** The entry point: runs real SQS clients against an endpoint, or against a server of its own. */

const NAMES = CLIENTS.map(({ name }) => name)
const USAGE = `usage: npm run conformance:clients -- [CLIENT...] [--require CLIENT]...
  [--endpoint URL --access-key KEY --secret SECRET] [--region us-east-1] [--install-minutes 30]

Clients: ${NAMES.join(', ')}; all when none is named.
Without --endpoint it starts the server of this repository, on the Postgres of DATABASE_URL or an embedded one.
A client whose toolchain or packages are not to be had, in all within the minutes for installing, is skipped; with --require that is a failure.`

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
        endpoint: { type: 'string' },
        region: { type: 'string', default: 'us-east-1' },
        'access-key': { type: 'string' },
        secret: { type: 'string' },
      },
    })
  } catch (error) {
    fail(`${error instanceof Error ? error.message : error}\n${USAGE}`)
  }
}

const { values: options, positionals } = readOptions()
const unknown = [...positionals, ...options.require].find((name) => !NAMES.includes(name))
if (unknown !== undefined) fail(`There is no client "${unknown}".\n${USAGE}`)
const named = new Set([...positionals, ...options.require])
const chosen = CLIENTS.filter(({ name }) => positionals.length === 0 || named.has(name))
const keys = { accessKeyId: options['access-key'], secretAccessKey: options.secret }
if (options.endpoint !== undefined && (keys.accessKeyId === undefined || keys.secretAccessKey === undefined)) {
  fail(`--endpoint needs --access-key and --secret.\n${USAGE}`)
}

const installMinutes = Number(options['install-minutes'])
if (!(installMinutes >= 0)) fail(`--install-minutes is a number.\n${USAGE}`)

const local = options.endpoint === undefined ? await startLocalServer(process.env.DATABASE_URL) : undefined
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, async () => {
    endRunningCommands()
    await local?.stop()
    process.exit(130)
  })
}
try {
  const isWell = await runClients({
    clients: chosen,
    required: options.require,
    installMinutes,
    environment: () => ({
      ENDPOINT_URL: (local?.url ?? options.endpoint ?? '').replace(/\/+$/, ''),
      // Names of queues begin with it, so that runs do not meet.
      QUEUE_PREFIX: `clients-${randomBytes(4).toString('hex')}-`,
      AWS_ACCESS_KEY_ID: local?.accessKeyId ?? keys.accessKeyId,
      AWS_SECRET_ACCESS_KEY: local?.secretAccessKey ?? keys.secretAccessKey,
      AWS_REGION: options.region,
      AWS_DEFAULT_REGION: options.region,
      // Files with settings and clouds around must not interfere.
      AWS_CONFIG_FILE: '/dev/null',
      AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
      AWS_EC2_METADATA_DISABLED: 'true',
    }),
    print: console.log,
  })
  if (!isWell) process.exitCode = 1
} finally {
  await local?.stop()
}
