import { readdirSync, readFileSync } from 'node:fs'
import type { Fault } from './fault.ts'

/** The first process of Postgres is gone, and with it all others; what keeps it starts it again, and it replays its log. */
export const killPostgres: Fault = {
  name: 'kill-postgres',
  about: 'kill -9 of Postgres, which its keeper starts again',
  hits: 'postgres',
  async inject({ system: { postgres } }) {
    const pid = await postgres.currentPid()
    if (pid !== undefined) process.kill(pid, 'SIGKILL')
    return () => postgres.start()
  },
}

/** Postgres stops at once, without writing anything out, and stays away. */
export const crashPostgres: Fault = {
  name: 'crash-postgres',
  about: 'immediate stop of Postgres, started again',
  hits: 'postgres',
  stops: 'database',
  async inject({ system: { postgres } }) {
    await postgres.crash()
    return () => postgres.start()
  },
}

/** Postgres ends all sessions, stops in order, and stays away. */
export const restartPostgres: Fault = {
  name: 'restart-postgres',
  about: 'fast stop of Postgres, started again',
  hits: 'postgres',
  stops: 'database',
  async inject({ system: { postgres } }) {
    await postgres.halt()
    return () => postgres.start()
  },
}

/** Postgres stands still with all its sessions: connections are there, and nobody answers. */
export const pausePostgres: Fault = {
  name: 'pause-postgres',
  about: 'SIGSTOP of Postgres and all its processes, then SIGCONT',
  hits: 'postgres',
  needs: () => (process.platform === 'linux' ? undefined : 'finding all processes of Postgres needs Linux'),
  async inject({ system: { postgres } }) {
    const pid = await postgres.currentPid()
    if (pid === undefined) return async () => {}
    // Its parent first, so that no new ones come.
    signal(pid, 'SIGSTOP')
    const children = childrenOf(pid)
    for (const child of children) signal(child, 'SIGSTOP')
    return async () => {
      for (const child of children) signal(child, 'SIGCONT')
      signal(pid, 'SIGCONT')
    }
  },
}

function childrenOf(parent: number): readonly number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => parentOf(pid) === parent)
}

function parentOf(pid: number): number | undefined {
  try {
    // The name stands in parentheses and may hold anything; behind it come the state and the parent.
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1])
  } catch {
    // It has ended meanwhile.
    return undefined
  }
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}
