import { fileURLToPath } from 'node:url'
import { startProgram } from '@stanchion/testing'
import { Ledger } from './ledger.ts'
import { drain, startLoad } from './load.ts'
import { type Replication, startPatroniCluster } from './patroni-cluster.ts'

const SERVER = fileURLToPath(new URL('../../../server/src/main.ts', import.meta.url))
/** Load before the first failover and between two. */
const LOAD_SECONDS = 5

/** What a run has shown. */
export type FailoverTotals = ReturnType<Ledger['totals']> & {
  readonly failovers: number
  /** The longest time from the death of a primary to the next acknowledged send. */
  readonly longestOutageSeconds: number
}

/** What a run does. */
export interface FailoverOptions {
  readonly replication: Replication
  /** How often the primary is killed. */
  readonly failovers: number
  /** How far the standby is behind when it happens. */
  readonly lagSeconds: number
  say(text: string): void
}

/** Kills the primary so many times under load, and answers what of the acknowledged was lost. */
export async function runFailover(options: FailoverOptions): Promise<FailoverTotals> {
  const { replication, failovers, lagSeconds, say } = options
  const cluster = await startPatroniCluster(replication)
  const server = startProgram(process.execPath, ['--disable-warning=ExperimentalWarning', SERVER], {
    DATABASE_URL: cluster.databaseUrl,
    PORT: '0',
    STANCHION_LOG_LEVEL: 'error',
  })
  try {
    const [, url = ''] = await server.untilOutput(/listens on (\S+)/)
    await fetch(`${url}/v1/queues`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ name: 'failover' }),
    })
    const queueUrl = `${url}/v1/queues/failover`
    const ledger = new Ledger()
    const load = startLoad(queueUrl, ledger)
    let longestOutageMs = 0
    for (let i = 0; i < failovers; i++) {
      await pause(LOAD_SECONDS)
      const loseRest = lagSeconds > 0 ? await cluster.stallStandby() : undefined
      await pause(lagSeconds)
      const before = ledger.totals().acknowledgedSends
      const killedAtMs = performance.now()
      const killed = await cluster.killPrimary()
      loseRest?.()
      await cluster.untilOtherLeads(killed.name)
      // In strict mode nothing commits before there is a second node.
      if (replication === 'strict') killed.restart()
      const after = ledger.totals().acknowledgedSends
      while (ledger.totals().acknowledgedSends === after) await pause(0.1)
      const outageMs = performance.now() - killedAtMs
      longestOutageMs = Math.max(longestOutageMs, outageMs)
      if (replication !== 'strict') killed.restart()
      say(
        `${killed.name} died after ${before} sends; the next was acknowledged ${(outageMs / 1000).toFixed(1)} s later`,
      )
      await cluster.untilHealthy()
    }
    await pause(LOAD_SECONDS)
    await load.stop()
    await drain(queueUrl, ledger)
    return { ...ledger.totals(), failovers, longestOutageSeconds: longestOutageMs / 1000 }
  } finally {
    await server.kill()
    await cluster.stop()
  }
}

function pause(seconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, seconds * 1000))
}
