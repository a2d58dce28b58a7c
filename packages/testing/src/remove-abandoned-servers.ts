import { readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startEmbeddedPostgres } from '@stanchion/embedded-postgres'

/** Ends and removes the servers of test runs that were killed before they could do it themselves. */
export async function removeAbandonedServers(): Promise<void> {
  for (const name of readdirSync(tmpdir())) {
    const pid = /^stanchion-test-(\d+)-\w+$/.exec(name)?.[1]
    if (pid === undefined || alive(Number(pid))) continue
    const dataDir = join(tmpdir(), name)
    try {
      // Starting is also how a running server is found; its last user may stop it.
      const server = await startEmbeddedPostgres({ dataDir })
      await server.stop('immediate')
      rmSync(dataDir, { recursive: true, maxRetries: 5 })
    } catch {
      // Another user's, or broken beyond starting: not worth failing the tests for.
    }
  }
}

function alive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
