import { chmodSync, existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from '@stanchion/testing'
import { MissingRival } from './rivals.ts'
import { startOther } from './start-program.ts'

/** From Debian's package. */
const PROGRAM = '/usr/sbin/pgbouncer'

/** PgBouncer in transaction mode in front of a database that is reached through a unix socket, as ours in a run is. */
export async function startPgBouncer(databaseUrl: string): Promise<{ databaseUrl: string; stop(): Promise<void> }> {
  if (!existsSync(PROGRAM)) throw new MissingRival('PgBouncer is not installed (Debian: pgbouncer)')
  const target = new URL(databaseUrl.replace('@/', '@localhost/'))
  const socketDir = target.searchParams.get('host') as string
  const port = await freePort()
  const directory = mkdtempSync(join(tmpdir(), 'stanchion-bench-pgbouncer-'))
  chmodSync(directory, 0o755)
  const file = join(directory, 'pgbouncer.ini')
  writeFileSync(
    file,
    `[databases]
* = host=${socketDir} user=${target.username}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
auth_type = any
pool_mode = transaction
default_pool_size = 50
ignore_startup_parameters = extra_float_digits
unix_socket_dir =
`,
  )
  // It refuses to be root, and only the owner of the socket may use that.
  const isRoot = process.getuid?.() === 0
  const program = await startOther({
    command: PROGRAM,
    args: ['-q', file],
    ...(isRoot ? { uid: statSync(socketDir).uid } : {}),
    port,
  })
  return {
    databaseUrl: `postgres://${target.username}@127.0.0.1:${port}${target.pathname}`,
    async stop() {
      await program.stop()
      rmSync(directory, { recursive: true })
    },
  }
}
