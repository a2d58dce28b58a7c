import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import type { ServerSample } from '../history/event.ts'
import type { ServerNode } from '../system/server-node.ts'

/** Connections that were closed a moment ago are given this time to go. */
const SETTLE_SECONDS_MAX = 5
const SETTLE_EVERY_MS = 100

/** Memory, sockets and files of running servers, when the number of their sockets has come to rest. Linux alone: elsewhere none. */
export async function sampleServers(servers: readonly ServerNode[]): Promise<readonly ServerSample[]> {
  if (process.platform !== 'linux') return []
  let samples = servers.map(sample)
  for (const lastMs = performance.now() + SETTLE_SECONDS_MAX * 1000; performance.now() < lastMs; ) {
    await delay(SETTLE_EVERY_MS)
    const before = samples
    samples = servers.map(sample)
    if (samples.every(({ sockets }, i) => sockets === before[i]?.sockets)) break
  }
  return samples
}

function sample({ name, pid }: ServerNode): ServerSample {
  if (pid === undefined) throw new Error(`${name} does not run`)
  const status = readFileSync(`/proc/${pid}/status`, 'utf8')
  const residentKilobytes = Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1])
  const targets = readdirSync(`/proc/${pid}/fd`).map((fd) => targetOf(`/proc/${pid}/fd/${fd}`))
  const sockets = targets.filter((target) => target.startsWith('socket:')).length
  return { server: name, pid, residentBytes: residentKilobytes * 1024, sockets, files: targets.length }
}

function targetOf(link: string): string {
  try {
    return readlinkSync(link)
  } catch {
    // It was closed meanwhile.
    return ''
  }
}
