import { parseArgs } from 'node:util'
import { startLocalServer } from '@stanchion/conformance'
import { CLIENTS } from './clients.ts'
import { resultText } from './result-text.ts'
import { type ClientResult, runClient } from './run-client.ts'
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
  const target = {
    endpoint: (local?.url ?? options.endpoint ?? '').replace(/\/+$/, ''),
    region: options.region,
    accessKeyId: local?.accessKeyId ?? keys.accessKeyId ?? '',
    secretAccessKey: local?.secretAccessKey ?? keys.secretAccessKey ?? '',
  }
  const results: ClientResult[] = []
  const installTime = { leftMs: installMinutes * 60_000 }
  // One after another: they would only take each other's processor time.
  for (const client of chosen) {
    const result = await runClient(client, target, installTime)
    results.push(result)
    console.log(resultText(result))
  }
  const count = (outcome: ClientResult['outcome']) => results.filter((result) => result.outcome === outcome).length
  console.log(`${count('passed')} passed, ${count('failed')} failed, ${count('skipped')} skipped`)
  const absent = results.filter(({ outcome, client }) => outcome === 'skipped' && options.require.includes(client.name))
  for (const { client } of absent) console.log(`${client.name} was skipped but is required`)
  if (count('failed') + absent.length > 0) process.exitCode = 1
} finally {
  await local?.stop()
}
