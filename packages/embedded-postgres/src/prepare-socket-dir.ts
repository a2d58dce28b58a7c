import { createHash } from 'node:crypto'
import { chmodSync, chownSync, lstatSync, mkdirSync, rmdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { EmbeddedPostgresError } from './embedded-postgres-error.ts'
import type { SystemUser } from './run-as.ts'

/** A socket's path has room for 103 bytes (macOS) or 107 (Linux); the name in the directory, `.s.PGSQL.5432`, takes 14. */
const PATH_BYTES_MAX = 89

/**
 * Where the server's socket goes: beside the cluster, or, when that path is too long for a socket, into the
 * system's directory for temporary files under a name made from the user and the path.
 */
export function socketDirFor(dataDir: string, uid: number): string {
  const beside = join(dataDir, 'socket')
  if (Buffer.byteLength(beside) <= PATH_BYTES_MAX) return beside
  const hash = createHash('sha256').update(dataDir).digest('hex').slice(0, 12)
  return join(tmpdir(), `stanchion-${uid}-${hash}`)
}

/**
 * Makes the directory, open to its owner alone: whoever can enter it is let in by the server without a password.
 * @throws EmbeddedPostgresError when something else is there already, for example a directory of another user.
 */
export function prepareSocketDir(socketDir: string, user: SystemUser | undefined): void {
  const owner = user?.uid ?? process.getuid?.()
  try {
    mkdirSync(socketDir, { mode: 0o700 })
    if (user !== undefined) chownSync(socketDir, user.uid, user.gid)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  }
  let stats = lstatSync(socketDir)
  if (stats.isDirectory() && stats.uid === 0 && user !== undefined && process.getuid?.() === 0) {
    // Made by us as root in a start that broke off right here.
    chownSync(socketDir, user.uid, user.gid)
    stats = lstatSync(socketDir)
  }
  if (!stats.isDirectory() || stats.uid !== owner) {
    throw new EmbeddedPostgresError(`${socketDir}, where the socket of Postgres belongs, is not a directory of ours.`)
  }
  chmodSync(socketDir, 0o700)
}

/** Leaves no empty directory behind. One that is in use again already is not empty, and stays. */
export function removeSocketDir(socketDir: string): void {
  try {
    rmdirSync(socketDir)
  } catch {
    // In use, or gone.
  }
}
