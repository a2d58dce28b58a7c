import { spawnSync } from 'node:child_process'
import { readFileSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { processAlive } from './process-alive.ts'

/** A running server, as its `postmaster.pid` describes it. */
export interface Postmaster {
  readonly pid: number
  /** Absent for a moment while the server starts. */
  readonly socketDir: string | undefined
}

/** The server that runs on a cluster, if one does. */
export function findPostmaster(clusterDir: string): Postmaster | undefined {
  const postmaster = readLockFile(join(clusterDir, 'postmaster.pid'))
  return postmaster !== undefined && isPostmaster(postmaster.pid, clusterDir) ? postmaster : undefined
}

/**
 * Whether the process is the server of this cluster. The id alone proves nothing: it may have been given to another
 * process since, or belong to a dead one that nobody has reaped. So the command line must name the cluster.
 */
export function isPostmaster(pid: number, clusterDir: string): boolean {
  if (!processAlive(pid)) return false
  if (process.platform === 'linux') {
    try {
      return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').includes(clusterDir)
    } catch {
      return false
    }
  }
  return spawnSync('ps', ['-ww', '-o', 'command=', '-p', `${pid}`])
    .stdout.toString()
    .includes(` -D ${clusterDir} `)
}

/**
 * Removes the lock files of a dead server whose process id is taken: Postgres would believe that process to be a server
 * and refuse to start. Every other stale lock file Postgres handles itself. Two servers can not come of it, because
 * Postgres also claims a shared memory segment that is named after the cluster's directory.
 */
export function removeMisleadingLockFiles(clusterDir: string, socketDir: string): void {
  for (const lockFile of [join(clusterDir, 'postmaster.pid'), join(socketDir, '.s.PGSQL.5432.lock')]) {
    const postmaster = readLockFile(lockFile)
    if (postmaster === undefined || !processAlive(postmaster.pid) || isPostmaster(postmaster.pid, clusterDir)) continue
    // Moved away first and looked at again, in case a new server has written the file in this very moment.
    const moved = `${lockFile}.${process.pid}`
    renameSync(lockFile, moved)
    if (readLockFile(moved)?.pid === postmaster.pid) rmSync(moved)
    else renameSync(moved, lockFile)
  }
}

function readLockFile(lockFile: string): Postmaster | undefined {
  let lines: string[]
  try {
    lines = readFileSync(lockFile, 'utf8').split('\n')
  } catch {
    return undefined
  }
  const pid = Number(lines[0])
  // Line 5 is the socket directory (src/include/utils/pidfile.h of Postgres).
  return Number.isInteger(pid) && pid > 0 ? { pid, socketDir: lines[4] || undefined } : undefined
}
