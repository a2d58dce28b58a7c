import { ConfigError, loadConfig } from './config.ts'
import { greeting } from './greeting.ts'
import { createLogger } from './logger.ts'
import { type RunningServer, startServer } from './start-server.ts'

/** The entry point of the server process: settings in, a running server out, and an orderly end on a signal. */

/** A stop that hangs is ended by force after this long. */
const STOP_TIMEOUT_MS = 29_000

function fail(message: string): never {
  process.stderr.write(`${message}\n`)
  process.exit(1)
}

function readConfig() {
  try {
    return loadConfig(process.env)
  } catch (error) {
    if (error instanceof ConfigError) fail(error.message)
    throw error
  }
}

const config = readConfig()
const logger = createLogger(config.logLevel)

// A promise that nobody awaits has failed: what state things are in is unknown, and a fresh process is safe.
process.on('unhandledRejection', (error) => {
  logger.fatal({ err: error }, 'unhandled rejection')
  process.exit(1)
})
process.on('uncaughtException', (error) => {
  logger.fatal({ err: error }, 'uncaught exception')
  process.exit(1)
})

let starting: Promise<RunningServer> | undefined
let stopping = false

async function stop(signal: NodeJS.Signals): Promise<void> {
  if (stopping) {
    logger.warn({ signal }, 'second signal: exiting at once')
    process.exit(1)
  }
  stopping = true
  logger.info({ signal }, 'stopping')
  setTimeout(() => {
    logger.error({}, 'the stop took too long: exiting')
    process.exit(1)
  }, STOP_TIMEOUT_MS).unref()
  const server = await starting
  await server?.stop()
  logger.info({}, 'stopped')
  process.exit(0)
}

process.on('SIGTERM', stop)
process.on('SIGINT', stop)

starting = startServer(config, logger)
try {
  const server = await starting
  if (!stopping) process.stdout.write(greeting(server.baseUrl, config))
} catch (error) {
  logger.debug({ err: error }, 'start failed')
  fail(`Stanchion could not start: ${reasonOf(error)}`)
}

/** What an error says for people. Node answers a refused connection with one error for each address that it tried. */
function reasonOf(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(reasonOf).join('; ')
  return error instanceof Error && error.message !== '' ? error.message : String(error)
}
