import { spawnSync } from 'node:child_process'
import { readFileSync, statSync } from 'node:fs'
import { EmbeddedPostgresError } from './embedded-postgres-error.ts'
import type { EmbeddedPostgresLogger } from './embedded-postgres-logger.ts'
import type { Binaries } from './find-binaries.ts'

/** A user of the operating system, by numbers. */
export interface SystemUser {
  readonly uid: number
  readonly gid: number
}

/** How the Postgres programs are started. */
export interface RunAs {
  /** Whose the files and the processes are. Absent: of the user who runs this process. */
  readonly user: SystemUser | undefined
  /** A command that becomes the user, with a capability, and then the program; empty when that is not needed. */
  readonly prefix: readonly string[]
}

/** The program, its arguments and the options that make `spawn` run it as `runAs` says. */
export function commandAs(
  runAs: RunAs,
  program: string,
  args: readonly string[],
): { command: string; args: string[]; options: Partial<SystemUser> & { cwd: string } } {
  const [command = program, ...rest] = [...runAs.prefix, program, ...args]
  return { command, args: rest, options: { ...(runAs.prefix.length === 0 ? runAs.user : {}), cwd: '/' } }
}

const POSTGRES_USER = 'postgres'

/**
 * Postgres refuses to run as root, so root lends it another user: the one who owns the cluster already, else `postgres`,
 * which is created when the machine has none. When that user cannot reach the paths because a directory above them is
 * closed (a checkout in /root, say), the programs get one capability that lets them pass, and nothing else of root.
 */
export function chooseRunAs(
  clusterDir: string,
  binaries: Binaries,
  pathsFor: (uid: number) => readonly string[],
  logger: EmbeddedPostgresLogger,
): RunAs {
  if (process.getuid?.() !== 0) return { user: undefined, prefix: [] }
  const user = ownerOf(clusterDir) ?? findUser(POSTGRES_USER) ?? createUser(logger)
  const paths = pathsFor(user.uid)
  const plain: RunAs = { user, prefix: [] }
  if (canReach(plain, binaries, paths)) return plain

  for (const capability of ['dac_read_search', 'dac_override']) {
    const lent: RunAs = { user, prefix: setpriv(user, capability) }
    if (canReach(lent, binaries, paths)) {
      logger.info(
        { uid: user.uid, gid: user.gid, capability },
        'Postgres runs as another user than root, with a capability to pass the closed directories above its files',
      )
      return lent
    }
  }
  throw new EmbeddedPostgresError(
    `As root, Postgres runs under the user id ${user.uid}, and that user can not reach ${paths.join(', ')} and ` +
      `${binaries.postgres}: a directory above is closed to it, and setpriv (util-linux), which would let it pass, ` +
      'is missing or not allowed to. Run as an ordinary user, move the data (STANCHION_DATA_DIR) and the programs to ' +
      'open directories, or set DATABASE_URL to a Postgres (15 to 18) of your own.',
  )
}

function ownerOf(clusterDir: string): SystemUser | undefined {
  const stats = statSync(clusterDir, { throwIfNoEntry: false })
  return stats === undefined || stats.uid === 0 ? undefined : { uid: stats.uid, gid: stats.gid }
}

function findUser(name: string): SystemUser | undefined {
  const line = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .find((entry) => entry.startsWith(`${name}:`))
  const [, , uid, gid] = line?.split(':') ?? []
  return uid === undefined || gid === undefined ? undefined : { uid: Number(uid), gid: Number(gid) }
}

function createUser(logger: EmbeddedPostgresLogger): SystemUser {
  const attempts: [string, string[]][] = [
    ['useradd', ['--system', '--user-group', '--no-create-home', '--shell', '/usr/sbin/nologin', POSTGRES_USER]],
    // The same in the words of BusyBox.
    ['adduser', ['-S', '-D', '-H', '-s', '/sbin/nologin', POSTGRES_USER]],
  ]
  for (const [command, args] of attempts) {
    if (spawnSync(command, args, { stdio: 'ignore' }).status !== 0) continue
    const user = findUser(POSTGRES_USER)
    if (user === undefined) continue
    logger.info(user, `created the system user ${POSTGRES_USER}: Postgres refuses to run as root`)
    return user
  }
  throw new EmbeddedPostgresError(
    `Postgres refuses to run as root, and the system user ${POSTGRES_USER} could not be created. ` +
      'Create it, run as an ordinary user, or set DATABASE_URL to a Postgres (15 to 18) of your own.',
  )
}

function setpriv(user: SystemUser, capability: string): string[] {
  return [
    'setpriv',
    `--reuid=${user.uid}`,
    `--regid=${user.gid}`,
    '--clear-groups',
    // Without it access(2), which Postgres asks about its own programs, would not count the capability.
    '--securebits=+no_setuid_fixup',
    `--inh-caps=+${capability}`,
    `--ambient-caps=+${capability}`,
    '--',
  ]
}

/** Tries it: whether Postgres starts, and whether the directories can be entered. */
function canReach(runAs: RunAs, binaries: Binaries, paths: readonly string[]): boolean {
  const commands: [string, ...string[]][] = [
    [binaries.postgres, '--version'],
    [binaries.initdb, '--version'],
    ...paths.map((path): [string, ...string[]] => ['/bin/sh', '-c', 'cd "$1"', 'sh', path]),
  ]
  return commands.every(([program, ...rest]) => {
    const { command, args, options } = commandAs(runAs, program, rest)
    return spawnSync(command, args, { ...options, stdio: 'ignore' }).status === 0
  })
}
