import { execFileSync, spawn } from 'node:child_process'
import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdtempSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs'
import { join } from 'node:path'
import { EmbeddedPostgresError } from './embedded-postgres-error.ts'
import type { EmbeddedPostgresLogger } from './embedded-postgres-logger.ts'
import type { Binaries } from './find-binaries.ts'
import { processAlive } from './process-alive.ts'
import { programEnvironment } from './program-environment.ts'
import { commandAs, type RunAs, type SystemUser } from './run-as.ts'

const UNFINISHED = /^postgres\.new-(\d+)-/

/**
 * Makes the cluster when there is none. It is made under another name and takes its own with one rename, so that a
 * crash leaves either no cluster or a whole one; of two processes that do this at once, one wins and both go on.
 */
export async function createCluster(
  clusterDir: string,
  binaries: Binaries,
  runAs: RunAs,
  logger: EmbeddedPostgresLogger,
): Promise<void> {
  const dataDir = join(clusterDir, '..')
  for (const name of readdirSync(dataDir)) {
    const maker = UNFINISHED.exec(name)?.[1]
    // Our own id on an old one: ids start over in a container.
    const abandoned = maker !== undefined && (Number(maker) === process.pid || !processAlive(Number(maker)))
    if (abandoned) rmSync(join(dataDir, name), { recursive: true })
  }
  if (existsSync(join(clusterDir, 'PG_VERSION'))) {
    giveAway(clusterDir, runAs.user)
    return
  }

  const unfinished = mkdtempSync(join(dataDir, `postgres.new-${process.pid}-`))
  giveAway(unfinished, runAs.user)
  try {
    await initdb(unfinished, binaries, runAs)
    renameSync(unfinished, clusterDir)
    logger.info({ directory: clusterDir }, 'made a new Postgres cluster')
  } catch (error) {
    rmSync(unfinished, { recursive: true, force: true })
    // The other one was faster.
    if (!['ENOTEMPTY', 'EEXIST'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error
  }
  const directory = openSync(dataDir, 'r')
  fsyncSync(directory)
  closeSync(directory)
}

/** A cluster that root owns, copied by hand for example, could be opened by nobody. */
function giveAway(directory: string, user: SystemUser | undefined): void {
  if (user === undefined || statSync(directory).uid === user.uid) return
  execFileSync('chown', ['-R', `${user.uid}:${user.gid}`, directory])
}

async function initdb(directory: string, binaries: Binaries, runAs: RunAs): Promise<void> {
  const { command, args, options } = commandAs(runAs, binaries.initdb, [
    `--pgdata=${directory}`,
    '--username=postgres',
    '--auth=trust',
    '--encoding=UTF8',
    '--locale=C',
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
    '--data-checksums',
    '--no-instructions',
  ])
  // Detached like the server itself: Ctrl-C in a terminal reaches the whole group, and we decide what ends when.
  const child = spawn(command, args, {
    ...options,
    detached: true,
    env: programEnvironment(),
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  child.stdout.on('data', (chunk) => {
    output += chunk
  })
  child.stderr.on('data', (chunk) => {
    output += chunk
  })
  const code = await new Promise((resolve, reject) => child.on('error', reject).on('close', resolve))
  if (code !== 0) {
    throw new EmbeddedPostgresError(`initdb could not make a Postgres cluster in ${directory}:\n${output.trim()}`)
  }
}
