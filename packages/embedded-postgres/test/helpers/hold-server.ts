import { startEmbeddedPostgres } from '../../src/index.ts'

/** A process that starts the server of the directory in its arguments and holds it until SIGTERM. */
const server = await startEmbeddedPostgres({ dataDir: process.argv[2] ?? '' })
process.once('SIGTERM', () => server.stop())
process.stdout.write(`${server.postmasterPid()}\n`)
