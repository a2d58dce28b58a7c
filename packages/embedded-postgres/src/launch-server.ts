import { type ChildProcess, spawn } from 'node:child_process'
import { closeSync, fchownSync, openSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Binaries } from './find-binaries.ts'
import { prepareSocketDir } from './prepare-socket-dir.ts'
import { programEnvironment } from './program-environment.ts'
import { commandAs, type RunAs } from './run-as.ts'
import { LOG_FILES_MAX, SERVER_SETTINGS } from './settings.ts'

/** Where a server is started. */
export interface ServerPlace {
  readonly clusterDir: string
  readonly socketDir: string
  readonly binaries: Binaries
  readonly runAs: RunAs
  /** Settings that go before ours. */
  readonly settings: Readonly<Record<string, string>>
  /** Variables of its environment beside ours. */
  readonly env: Readonly<Record<string, string>>
}

const STARTUP_LOG = 'startup.log'

/**
 * Starts the server in a session of its own: a terminal's Ctrl-C and its closing reach only us, and the server survives
 * our sudden death, to be found again by the next start.
 */
export function launchServer(place: ServerPlace): ChildProcess {
  prepareSocketDir(place.socketDir, place.runAs.user)
  const settings = { ...SERVER_SETTINGS, unix_socket_directories: quotedList(place.socketDir), ...place.settings }
  const { command, args, options } = commandAs(place.runAs, place.binaries.postgres, [
    '-D',
    place.clusterDir,
    ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
  ])
  // What the server says before its own log begins.
  const log = openSync(join(place.clusterDir, STARTUP_LOG), 'w', 0o600)
  try {
    if (place.runAs.user !== undefined) fchownSync(log, place.runAs.user.uid, place.runAs.user.gid)
    const child = spawn(command, args, {
      ...options,
      detached: true,
      env: programEnvironment(place.env),
      stdio: ['ignore', log, log],
    })
    // A program that can not be started shows as an exit code of null and no process id; the caller looks at those.
    child.on('error', () => {})
    child.unref()
    return child
  } finally {
    closeSync(log)
  }
}

/** The last lines that the server wrote, for the text of an error. */
export function lastLogLines(clusterDir: string): string {
  const [newest] = logFiles(clusterDir)
  const files = [STARTUP_LOG, ...(newest === undefined ? [] : [join('log', newest)])]
  return files
    .flatMap((file) => readOrEmpty(join(clusterDir, file)).trim().split('\n').slice(-12))
    .filter((line) => line !== '')
    .join('\n')
}

/** Removes the server's oldest log files. */
export function removeOldLogs(clusterDir: string): void {
  for (const name of logFiles(clusterDir).slice(LOG_FILES_MAX)) rmSync(join(clusterDir, 'log', name), { force: true })
}

/** Newest first; the names carry the time. */
function logFiles(clusterDir: string): string[] {
  try {
    return readdirSync(join(clusterDir, 'log')).sort().reverse()
  } catch {
    return []
  }
}

function readOrEmpty(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}

/** The setting is a list; quotes keep a comma or a space in the path from being read as part of it. */
function quotedList(path: string): string {
  return `"${path.replaceAll('"', '""')}"`
}
