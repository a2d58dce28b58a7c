import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Client } from './client.ts'
import { placesOf } from './places.ts'
import { runCommand } from './run-command.ts'

const TIME_LIMIT_MS = 10 * 60_000

/** How much time is left for installing, over all clients; used up as they are installed. */
export interface InstallTime {
  leftMs: number
}

export type Installation =
  | { readonly outcome: 'installed' }
  | { readonly outcome: 'unreachable'; readonly why: string }
  | { readonly outcome: 'failed'; readonly output: string }

/** What package clients say when they cannot get through to their registry, whatever they want from it. */
const UNREACHABLE =
  /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|NewConnectionError|ReadTimeoutError|ProxyError|ConnectTimeoutError|name resolution|no such host|Connection refused|Network is unreachable|Unknown host|UnknownHostException|connection timed out|Connect timed out|i\/o timeout|TLS handshake timeout|Could not transfer artifact|SELF_SIGNED_CERT|certificate|from versions: none/i

/** Installs a client's packages, unless the ones that its files ask for are there from an earlier run. */
export async function install(client: Client, time: InstallTime): Promise<Installation> {
  const places = placesOf(client)
  const stamp = join(places.installed, 'stamp')
  const wanted = fingerprint(client)
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return { outcome: 'installed' }

  rmSync(places.installed, { recursive: true, force: true })
  mkdirSync(places.installed, { recursive: true })
  for (const command of client.toolchain.install(client, places)) {
    if (time.leftMs <= 0) return { outcome: 'unreachable', why: 'there is no time left to install its packages' }
    const timeLimitMs = Math.min(TIME_LIMIT_MS, time.leftMs)
    const startedAt = performance.now()
    const { exitCode, output, timedOut } = await runCommand(command, { cwd: places.source, timeLimitMs })
    time.leftMs -= performance.now() - startedAt
    if (exitCode === 0) continue
    if (timedOut) {
      return { outcome: 'unreachable', why: `its packages did not come in ${Math.round(timeLimitMs / 1_000)} seconds` }
    }
    const unreachable = output.split('\n').find((line) => UNREACHABLE.test(line))
    if (unreachable === undefined) return { outcome: 'failed', output }
    return { outcome: 'unreachable', why: `its packages cannot be fetched: ${unreachable.trim().slice(0, 200)}` }
  }
  writeFileSync(stamp, wanted)
  return { outcome: 'installed' }
}

/** Changes with every file of the client, since for some languages installing is building too. */
function fingerprint(client: Client): string {
  const places = placesOf(client)
  const hash = createHash('sha256').update(JSON.stringify(client.toolchain.install(client, places)))
  for (const directory of [places.source, places.shared]) {
    for (const entry of readdirSync(directory, { recursive: true, withFileTypes: true }).sort(byPath)) {
      if (!entry.isFile()) continue
      hash.update(`${entry.name}\n`).update(readFileSync(join(entry.parentPath, entry.name)))
    }
  }
  for (const file of client.inputs ?? []) hash.update(`${file}\n`).update(readFileSync(file))
  return hash.digest('hex')
}

const byPath = (a: { parentPath: string; name: string }, b: { parentPath: string; name: string }) =>
  join(a.parentPath, a.name) < join(b.parentPath, b.name) ? -1 : 1
