import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, existsSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { descendants } from '@stanchion/testing'

/** `strict`: a commit waits for the standby, and where there is none it waits until there is one. */
export type Replication = 'strict' | 'asynchronous'

/** Two Postgres under Patroni with etcd, and an HAProxy that leads to whichever of them is the primary. */
export interface PatroniCluster {
  /** Leads to the primary, through HAProxy. */
  readonly databaseUrl: string
  /** Waits until one node leads and the other follows it; in strict mode as its synchronous standby. */
  untilHealthy(): Promise<void>
  /** Stops the process by which the standby follows. @returns what ends it, so that what the network still held is lost */
  stallStandby(): Promise<() => void>
  /** Ends the primary as a power cut would, Patroni and every process of Postgres. @returns what brings the node back */
  killPrimary(): Promise<{ readonly name: string; restart(): void }>
  /** Until another node than this leads. */
  untilOtherLeads(name: string): Promise<void>
  stop(): Promise<void>
}

const PROGRAMS = ['patroni', 'etcd', 'haproxy'] as const
const NAMES = ['alpha', 'beta'] as const
const LOOK_EVERY_MS = 200
const HEALTHY_SECONDS_MAX = 90

/** What of Patroni, etcd, HAProxy and Postgres this machine lacks, in a sentence; `undefined` when all is there. */
export function missingForPatroni(): string | undefined {
  const missing = PROGRAMS.filter((program) => findProgram(program) === undefined)
  if (missing.length > 0) return `${missing.join(', ')} not installed (Debian: patroni etcd-server haproxy postgresql)`
  if (postgresBin() === undefined) return 'no Postgres of Debian installed (package postgresql)'
  if (process.getuid?.() !== 0) return 'needs root, to run Postgres as its own user'
  return undefined
}

/** Starts the cluster on free ports, in a directory of its own, and waits until it is healthy. */
export async function startPatroniCluster(replication: Replication): Promise<PatroniCluster> {
  const missing = missingForPatroni()
  if (missing !== undefined) throw new Error(missing)
  const directory = mkdtempSync(join(tmpdir(), 'stanchion-patroni-'))
  chmodSync(directory, 0o755)
  const user = postgresUser()
  const [etcdPort, etcdPeerPort, proxyPort, ...ports] = await freePorts(3 + 2 * NAMES.length)
  const nodes = NAMES.map((name, i) => ({
    name,
    postgresPort: ports[2 * i] as number,
    restPort: ports[2 * i + 1] as number,
  }))
  const running: ChildProcess[] = []

  function start(name: string, command: string, args: readonly string[], asUser?: typeof user): ChildProcess {
    const log = openSync(join(directory, `${name}.log`), 'a')
    // A session of its own: what it starts can be ended with it.
    const child = spawn(command, args, { stdio: ['ignore', log, log], detached: true, cwd: directory, ...asUser })
    running.push(child)
    return child
  }

  for (const name of NAMES) {
    mkdirSync(join(directory, name))
    execFileSync('chown', [`${user.uid}:${user.gid}`, join(directory, name)])
  }
  const etcdUrl = `http://127.0.0.1:${etcdPort}`
  const peerUrl = `http://127.0.0.1:${etcdPeerPort}`
  start('etcd', findProgram('etcd') as string, [
    ...[
      '--data-dir',
      join(directory, 'etcd-data'),
      '--listen-client-urls',
      etcdUrl,
      '--advertise-client-urls',
      etcdUrl,
    ],
    ...['--listen-peer-urls', peerUrl, '--initial-advertise-peer-urls', peerUrl],
    ...['--initial-cluster', `default=${peerUrl}`],
  ])
  const startNode = (node: (typeof nodes)[number]): ChildProcess => {
    const file = join(directory, `${node.name}.yml`)
    writeFileSync(file, patroniYaml(directory, node, etcdPort as number, replication))
    return start(node.name, findProgram('patroni') as string, [file], user)
  }
  const patronis = new Map<string, ChildProcess>(nodes.map((node) => [node.name, startNode(node)]))
  const proxyFile = join(directory, 'haproxy.cfg')
  writeFileSync(proxyFile, haproxyConfiguration(proxyPort as number, nodes))
  start('haproxy', findProgram('haproxy') as string, ['-db', '-f', proxyFile])

  const isInRole = async (node: (typeof nodes)[number], role: string) =>
    (await fetch(`http://127.0.0.1:${node.restPort}/${role}`).catch(() => undefined))?.status === 200
  const primary = async () => {
    for (const node of nodes) if (await isInRole(node, 'primary')) return node
    return undefined
  }
  const until = async (what: string, isSo: () => Promise<boolean>) => {
    const endsAtMs = performance.now() + HEALTHY_SECONDS_MAX * 1000
    while (!(await isSo())) {
      if (performance.now() > endsAtMs) throw new Error(`${what} did not happen; the logs are in ${directory}`)
      await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS))
    }
  }
  const untilHealthy = () =>
    until('a healthy cluster', async () => {
      const leader = await primary()
      if (leader === undefined) return false
      const role = replication === 'strict' ? 'sync' : 'replica'
      const others = nodes.filter((node) => node !== leader)
      return (await Promise.all(others.map((node) => isInRole(node, role)))).every(Boolean)
    })

  /** Patroni first, or it would bring its Postgres back. */
  function killNode(name: string): void {
    killAll(patronis.get(name)?.pid)
    killAll(postmasterPid(directory, name))
  }
  function endAll(): void {
    for (const { name } of nodes) killNode(name)
    for (const child of running) killAll(child.pid)
  }

  const cluster: PatroniCluster = {
    databaseUrl: `postgres://postgres:torture@127.0.0.1:${proxyPort}/postgres`,
    untilHealthy,
    async stallStandby() {
      const leader = await primary()
      const standby = nodes.find((node) => node !== leader)
      const root = standby && postmasterPid(directory, standby.name)
      const receiver =
        root === undefined ? undefined : descendants(root).find((pid) => commandLine(pid).includes('walreceiver'))
      if (receiver === undefined) throw new Error('there is no standby that follows')
      process.kill(receiver, 'SIGSTOP')
      return () => {
        process.kill(receiver, 'SIGTERM')
        process.kill(receiver, 'SIGCONT')
      }
    },
    async killPrimary() {
      const node = await primary()
      if (node === undefined) throw new Error('there is no primary to kill')
      killNode(node.name)
      return { name: node.name, restart: () => patronis.set(node.name, startNode(node)) }
    },
    untilOtherLeads: (name) =>
      until(`another primary than ${name}`, async () => {
        const leader = await primary()
        return leader !== undefined && leader.name !== name
      }),
    async stop() {
      endAll()
      rmSync(directory, { recursive: true, maxRetries: 5 })
    },
  }
  try {
    await untilHealthy()
  } catch (error) {
    endAll()
    throw error
  }
  return cluster
}

/** The process of a node's Postgres that all others descend from; Patroni lets go of it, so it is nobody's child. */
function postmasterPid(directory: string, name: string): number | undefined {
  const data = join(directory, name, 'data')
  try {
    const pid = Number(readFileSync(join(data, 'postmaster.pid'), 'utf8').split('\n')[0])
    // The file of one that was killed stays, and its number may be another's by now.
    return commandLine(pid).includes(data) ? pid : undefined
  } catch {
    return undefined
  }
}

/** Ends a process and whatever descends from it. Postgres makes sessions of its own, so the tree is walked. */
function killAll(pid: number | undefined): void {
  if (pid === undefined) return
  for (const each of [pid, ...descendants(pid)]) {
    try {
      process.kill(each, 'SIGKILL')
    } catch {
      // It has ended meanwhile.
    }
  }
}

/** Empty when the process has ended. */
function commandLine(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8')
  } catch {
    return ''
  }
}

function patroniYaml(
  directory: string,
  node: { readonly name: string; readonly postgresPort: number; readonly restPort: number },
  etcdPort: number,
  replication: Replication,
): string {
  const isStrict = replication === 'strict'
  return `scope: stanchion
name: ${node.name}
restapi:
  listen: 127.0.0.1:${node.restPort}
  connect_address: 127.0.0.1:${node.restPort}
etcd3:
  host: 127.0.0.1:${etcdPort}
bootstrap:
  dcs:
    ttl: 10
    loop_wait: 2
    retry_timeout: 3
    maximum_lag_on_failover: 1048576
    synchronous_mode: ${isStrict}
    synchronous_mode_strict: ${isStrict}
    postgresql:
      use_pg_rewind: true
      parameters:
        max_connections: 100
        synchronous_commit: 'on'
        wal_keep_size: 256MB
  initdb:
    - encoding: UTF8
    - data-checksums
  pg_hba:
    - host replication replicator 127.0.0.1/32 scram-sha-256
    - host all all 127.0.0.1/32 scram-sha-256
postgresql:
  listen: 127.0.0.1:${node.postgresPort}
  connect_address: 127.0.0.1:${node.postgresPort}
  data_dir: ${join(directory, node.name, 'data')}
  bin_dir: ${postgresBin()}
  pgpass: ${join(directory, node.name, 'pgpass')}
  authentication:
    superuser: { username: postgres, password: torture }
    replication: { username: replicator, password: torture }
    rewind: { username: rewinder, password: torture }
  parameters:
    unix_socket_directories: ${join(directory, node.name)}
`
}

function haproxyConfiguration(
  port: number,
  nodes: readonly { readonly name: string; readonly postgresPort: number; readonly restPort: number }[],
): string {
  return `defaults
  mode tcp
  timeout connect 2s
  timeout client 30m
  timeout server 30m
  timeout check 2s
listen primary
  bind 127.0.0.1:${port}
  option httpchk GET /primary
  http-check expect status 200
  default-server inter 1s fall 2 rise 1 on-marked-down shutdown-sessions
${nodes.map(({ name, postgresPort, restPort }) => `  server ${name} 127.0.0.1:${postgresPort} check port ${restPort}`).join('\n')}
`
}

function findProgram(name: string): string | undefined {
  return ['/usr/bin', '/usr/sbin', '/usr/local/bin'].map((path) => join(path, name)).find((path) => existsSync(path))
}

/** The directory of Debian's newest Postgres. */
function postgresBin(): string | undefined {
  const versions = [18, 17, 16, 15].map((version) => `/usr/lib/postgresql/${version}/bin`)
  return versions.find((path) => existsSync(join(path, 'initdb')))
}

function postgresUser(): { readonly uid: number; readonly gid: number } {
  const id = (flag: string) => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }))
  return { uid: id('-u'), gid: id('-g') }
}

/** Ports that nobody uses now. They are held until all are known, so that none comes twice. */
async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer().listen(0, '127.0.0.1'))
  await Promise.all(servers.map((server) => once(server, 'listening')))
  const ports = servers.map((server) => (server.address() as { port: number }).port)
  await Promise.all(servers.map((server) => once(server.close(), 'close')))
  return ports
}
