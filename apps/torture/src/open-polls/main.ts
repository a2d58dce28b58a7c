import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { startEmbeddedPostgres } from '@stanchion/embedded-postgres'
import { startNodeProgram } from '@stanchion/testing'
import { RestApi } from '../proxy/sweep/rest-api.ts'
import { PollHolder } from './poll-holder.ts'

const USAGE = `usage: npm run open-polls --prefix apps/torture -- [--polls 10000] [--queues 100]

Holds so many long polls open at one server, and judges what it does for others meanwhile, what a poll costs it, and whether all of them are
answered when it is told to stop.`

const SERVER = new URL('../../../server/src/main.ts', import.meta.url)
/** Files beside those of the polls, in the server and here. */
const OTHER_FILES_MAX = 500
const OPENED_MS_MAX = 120_000
/** Requests of others, one after the other. */
const OTHERS = 100
const OTHERS_MS_MAX = 1_000
/** From SIGTERM to the last answer (G29). */
const ANSWERED_MS_MAX = 1_000
const EXIT_MS_MAX = 30_000

const { polls, queues } = readOptions()
const filesMax = openFilesMax()
if (filesMax < polls + OTHER_FILES_MAX) {
  print(
    `skipped: a process may have ${filesMax} open files here, and ${polls} polls need ${polls + OTHER_FILES_MAX} (ulimit -n)`,
  )
  process.exit(0)
}

const dataDir = mkdtempSync(join(tmpdir(), 'stanchion-open-polls-'))
const postgres = await startEmbeddedPostgres({ dataDir })
try {
  const server = await startNodeProgram(SERVER, {
    env: { DATABASE_URL: postgres.databaseUrl, STANCHION_LOG_LEVEL: 'error' },
  })
  try {
    const api = new RestApi(`http://127.0.0.1:${server.port}`)
    const names = Array.from({ length: queues }, (_, i) => `polled-${i}`)
    for (const name of [...names, 'others']) await api.must('POST', '/queues', { name })
    await others(api)
    const before = residentBytes(server.pid)

    const holder = new PollHolder(server.port)
    const openedAtMs = performance.now()
    holder.open(polls, names)
    let open = 0
    while (open < polls && performance.now() - openedAtMs < OPENED_MS_MAX) open = await api.metric('stanchion_waiters')
    print(`${open} polls on ${queues} queues are open after ${seconds(performance.now() - openedAtMs)}`)
    require(open >= polls, 'not all polls are open at a time')
    const each = (residentBytes(server.pid) - before) / polls
    print(`a poll costs the server ${(each / 1_024).toFixed(1)} KiB of memory, all of them ${mib(each * polls)}`)

    const slowestMs = await others(api)
    print(`others: ${OTHERS} sends, receives and deletes, the slowest took ${Math.round(slowestMs)} ms`)
    require(slowestMs < OTHERS_MS_MAX, `others waited for more than ${OTHERS_MS_MAX} ms`)

    const results = holder.last()
    const stoppedAtMs = performance.now()
    server.signal('SIGTERM')
    const { answered, broken } = await results
    const answeredMs = performance.now() - stoppedAtMs
    const code = await server.exited
    const exitMs = performance.now() - stoppedAtMs
    print(`stop: ${answered} polls answered within ${seconds(answeredMs)}, exit ${code} after ${seconds(exitMs)}`)
    for (const [outcome, count] of broken) print(`stop: ${count} polls ended with ${outcome}`)
    require(answered === polls && broken.size === 0, 'not every poll was answered')
    require(answeredMs < ANSWERED_MS_MAX, `the last poll was answered after more than ${ANSWERED_MS_MAX} ms`)
    require(code === 0 && exitMs < EXIT_MS_MAX, 'the server did not end in order')
  } finally {
    await server.stop()
  }
} finally {
  await postgres.stop('immediate')
  rmSync(dataDir, { recursive: true, maxRetries: 5 })
}

/** Sends, receives and deletes. @returns how long the slowest request took, in milliseconds */
async function others(api: RestApi): Promise<number> {
  let slowestMs = 0
  const timed = async (method: string, path: string, body?: unknown) => {
    const startedAtMs = performance.now()
    const answer = await api.must(method, path, body)
    slowestMs = Math.max(slowestMs, performance.now() - startedAtMs)
    return answer
  }
  for (let i = 0; i < OTHERS; i++) {
    await timed('POST', '/queues/others/messages', { body: `${i}` })
    const { messages } = await timed('POST', '/queues/others/receive', { waitSeconds: 1 })
    const [message] = messages as { receiptHandle: string }[]
    await timed('DELETE', `/queues/others/leases/${message?.receiptHandle}`)
  }
  return slowestMs
}

function readOptions() {
  try {
    const { values } = parseArgs({
      options: { polls: { type: 'string', default: '10000' }, queues: { type: 'string', default: '100' } },
    })
    for (const [name, text] of Object.entries(values)) {
      if (!/^[1-9]\d{0,5}$/.test(text)) throw new Error(`--${name} is a number from 1 on.`)
    }
    return { polls: Number(values.polls), queues: Number(values.queues) }
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n\n${USAGE}\n`)
    process.exit(2)
  }
}

/** What a process of this machine may open; without limit where it cannot be told. */
function openFilesMax(): number {
  if (process.platform !== 'linux') return Number.POSITIVE_INFINITY
  return Number(
    /^Max open files\s+(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8'))?.[1] ?? Number.POSITIVE_INFINITY,
  )
}

function residentBytes(pid: number): number {
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) * 1_024
}

function require(isSo: boolean, violation: string): void {
  if (isSo) return
  print(`VIOLATION ${violation}`)
  process.exitCode = 1
}

function seconds(ms: number): string {
  return `${(ms / 1_000).toFixed(1)} s`
}

function mib(bytes: number): string {
  return `${Math.round(bytes / 1_024 / 1_024)} MiB`
}

function print(line: string): void {
  process.stdout.write(`${line}\n`)
}
