import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { throughAddress } from '../proxy/upstream-address.ts'

const POSTGRES_PORT = 5432
const TOOLS = ['ip', 'tc'] as const

/**
 * Postgres in a network of its own: a namespace, to which each server has a line of its own, a pair of virtual interfaces. What is done
 * to a line is done by the kernel: nobody is told, packets get lost.
 */
export interface Network {
  /** A command that runs the command behind it in there. */
  readonly wrapper: readonly string[]
  /** What Postgres has to be told so that it listens there. */
  readonly postgresSettings: Readonly<Record<string, string>>
  readonly lines: readonly Line[]
  /** Takes the namespace away, and with it all lines. */
  close(): Promise<void>
}

/** The way of one server to Postgres. */
export interface Line {
  /** @returns the same database, by this line */
  databaseUrl(databaseUrl: string): string
  /** From now on everything is lost on it, both ways. */
  cut(): void
  /** From now on no more than this gets through, and what is too much queues up and gets lost. `undefined`: all of it. */
  narrow(kilobitsPerSecond: number | undefined): void
  heal(): void
}

/** Why this machine has no such networks. */
export function missingNetwork(): string | undefined {
  if (process.platform !== 'linux') return 'network namespaces need Linux'
  if (process.getuid?.() !== 0) return 'network namespaces need root'
  for (const tool of TOOLS) {
    try {
      execFileSync(tool, ['-V'], { stdio: 'ignore' })
    } catch {
      return `${tool} is not there (Debian: iproute2)`
    }
  }
  const name = `stanchion-${process.pid}-try`
  try {
    ip('netns', 'add', name)
    ip('netns', 'delete', name)
    return undefined
  } catch {
    return 'this machine allows no network namespaces'
  }
}

/** Makes a network with so many lines. It goes away with this process at the latest. */
export async function makeNetwork(count: number): Promise<Network> {
  const name = `stanchion-${process.pid}`
  const directory = mkdtempSync(join(tmpdir(), 'stanchion-network-'))
  // From a range for tests between networks (RFC 2544), a part for each process.
  const base = `198.${18 + ((process.pid >> 8) & 1)}.${process.pid & 255}`
  const hbaFile = join(directory, 'pg_hba.conf')
  writeFileSync(hbaFile, `local all all trust\nhost all all ${base}.0/24 trust\n`)
  // Postgres reads it as another user.
  execFileSync('chmod', ['-R', 'a+rX', directory])
  ip('netns', 'add', name)
  // Its input ends with this process, however that ends. The lines end with the namespace that one end of each is in.
  const keeper = spawn('sh', ['-c', `cat; ip netns delete ${name}; rm -r ${directory}`], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  })
  const close = async () => {
    const exited = once(keeper, 'exit')
    keeper.stdin.end()
    await exited
  }
  try {
    const lines = Array.from({ length: count }, (_, i) => makeLine(name, `st${process.pid}-${i}`, base, i * 4))
    const postgresSettings = { listen_addresses: '*', port: String(POSTGRES_PORT), hba_file: hbaFile }
    return {
      // `ip netns exec` would give it mounts of its own as well, and nobody else would see its volume.
      wrapper: ['nsenter', `--net=/run/netns/${name}`],
      postgresSettings,
      lines,
      close,
    }
  } catch (error) {
    await close()
    throw error
  }
}

function makeLine(namespace: string, device: string, base: string, host: number): Line {
  const inner = `${device}p`
  ip('link', 'add', device, 'type', 'veth', 'peer', 'name', inner, 'netns', namespace)
  ip('address', 'add', `${base}.${host + 1}/30`, 'dev', device)
  ip('link', 'set', device, 'up')
  ip('-n', namespace, 'address', 'add', `${base}.${host + 2}/30`, 'dev', inner)
  ip('-n', namespace, 'link', 'set', inner, 'up')
  const inside = ['netns', 'exec', namespace, 'tc'] as const
  let isNarrow = false
  const narrow = (kilobitsPerSecond: number | undefined) => {
    if (isNarrow) {
      execFileSync('tc', ['qdisc', 'delete', 'dev', device, 'root'])
      ip(...inside, 'qdisc', 'delete', 'dev', inner, 'root')
    }
    isNarrow = kilobitsPerSecond !== undefined
    if (!isNarrow) return
    const rule = ['root', 'tbf', 'rate', `${kilobitsPerSecond}kbit`, 'burst', '16kb', 'latency', '300ms']
    execFileSync('tc', ['qdisc', 'add', 'dev', device, ...rule])
    ip(...inside, 'qdisc', 'add', 'dev', inner, ...rule)
  }
  return {
    databaseUrl: (url) => throughAddress(url, { address: `${base}.${host + 2}`, port: POSTGRES_PORT }),
    // The far end goes down, so that this machine keeps the route and does not know.
    cut: () => ip('-n', namespace, 'link', 'set', inner, 'down'),
    narrow,
    heal: () => ip('-n', namespace, 'link', 'set', inner, 'up'),
  }
}

function ip(...args: readonly string[]): void {
  execFileSync('ip', args, { stdio: ['ignore', 'ignore', 'pipe'] })
}
