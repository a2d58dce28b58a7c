import type { RestEvent } from '../history/event.ts'
import { type Checker, Findings } from './checker.ts'

const MEBIBYTE = 1024 * 1024
/** A server that nobody asks anything holds no more than this. */
const RESIDENT_BYTES_MAX = 512 * MEBIBYTE
/** Its connections to the database, as many as it has by default, the port it listens on, and a few. Clients have closed theirs. */
const SOCKETS_MAX = 32
const FILES_MAX = 80
/** After so many rounds of a process everything that is kept is there. */
const WARM_ROUNDS = 5
/** And it does not grow beyond this: half again, and what a collection of garbage may leave. */
const GROWTH_FACTOR_MAX = 1.5
const GROWTH_BYTES_MAX = 64 * MEBIBYTE

type ServerLine = Extract<RestEvent, { type: 'server' }>

/** At rest a server holds little memory and no connection that it does not need, and after many rounds no more than after a few. */
export const heldByServers: Checker = {
  name: 'memory and connections',
  promises: ['G31'],
  check(history) {
    const findings = new Findings()
    const processes = new Map<number, ServerLine[]>()
    for (const line of history.rests) {
      if (line.type === 'server') processes.set(line.pid, [...(processes.get(line.pid) ?? []), line])
    }
    for (const lines of processes.values()) {
      for (const line of lines) checkBounds(line, findings)
      checkGrowth(lines, findings)
    }
    return findings
  },
}

function checkBounds({ server, round, residentBytes, sockets, files }: ServerLine, findings: Findings): void {
  findings.expect(
    residentBytes <= RESIDENT_BYTES_MAX,
    () =>
      `${server} holds ${mebibytes(residentBytes)} MiB at rest after round ${round}, ${mebibytes(RESIDENT_BYTES_MAX)} are allowed`,
  )
  findings.expect(
    sockets <= SOCKETS_MAX,
    () => `${server} has ${sockets} sockets open at rest after round ${round}, ${SOCKETS_MAX} are allowed`,
  )
  findings.expect(
    files <= FILES_MAX,
    () => `${server} has ${files} files open at rest after round ${round}, ${FILES_MAX} are allowed`,
  )
}

function checkGrowth(lines: readonly ServerLine[], findings: Findings): void {
  const warm = lines[WARM_ROUNDS - 1]
  if (warm === undefined) return
  const bytesMax = warm.residentBytes * GROWTH_FACTOR_MAX + GROWTH_BYTES_MAX
  for (const { server, round, residentBytes } of lines.slice(WARM_ROUNDS)) {
    findings.expect(
      residentBytes <= bytesMax,
      () =>
        `${server} grew from ${mebibytes(warm.residentBytes)} MiB after round ${warm.round} to ${mebibytes(residentBytes)} MiB after round ${round}`,
    )
  }
}

function mebibytes(bytes: number): number {
  return Math.round(bytes / MEBIBYTE)
}
