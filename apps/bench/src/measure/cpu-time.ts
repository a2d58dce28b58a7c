import { readdirSync, readFileSync } from 'node:fs'

/** Microseconds in one tick of /proc (100 Hz on every Linux that matters here). */
const TICK_US = 10_000

/** CPU time that a process has used so far, with its children if asked for, also those that have ended, in microseconds. */
export function cpuTimeUs(pid: number, withChildren = false): number {
  let ticks = 0
  for (const name of withChildren ? readdirSync('/proc') : [String(pid)]) {
    if (!/^\d+$/.test(name)) continue
    const stat = readStat(name)
    if (stat === undefined) continue
    const isRoot = Number(name) === pid
    if (!isRoot && Number(stat[1]) !== pid) continue
    ticks += Number(stat[11]) + Number(stat[12])
    if (isRoot && withChildren) ticks += Number(stat[13]) + Number(stat[14])
  }
  return ticks * TICK_US
}

/** The fields behind the program's name, which may hold anything. */
function readStat(pid: string): string[] | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return text.slice(text.lastIndexOf(')') + 2).split(' ')
  } catch {
    return undefined
  }
}
