import {
  type CheckOutcome,
  Doctor,
  type Finding,
  type NodeFacts,
  type Report,
  type Thresholds,
} from '@stanchion/doctor'
import type { NewQueue, QueueKey } from '@stanchion/queue'
import pg from 'pg'
import { EventLoopWatch } from '../../src/doctor/event-loop-watch.ts'
import { readNodeFacts } from '../../src/doctor/read-node-facts.ts'
import { startTestServer, type TestServer } from './start-test-server.ts'

/** A jump of the clock that nodes believe. */
const STEP_SECONDS = 50

/** A server whose database clock can be moved, examined by a doctor whose thresholds a test can choose. */
export interface ExaminedServer extends TestServer {
  readonly sql: pg.Client
  /** One more session, which ends with the server. */
  session(): Promise<pg.Client>
  /** @param node what the node says otherwise than it is */
  doctor(thresholds?: Partial<Thresholds>, node?: Partial<NodeFacts>): Doctor
  /** Examines the server anew. */
  examine(thresholds?: Partial<Thresholds>, node?: Partial<NodeFacts>): Promise<Report>
  /** What one check finds. */
  findings(id: string, thresholds?: Partial<Thresholds>): Promise<Finding[]>
  outcome(id: string, thresholds?: Partial<Thresholds>): Promise<CheckOutcome>
  /** The same once it finds something: what is kept or counted in the background comes a moment later. */
  untilFound(id: string, thresholds?: Partial<Thresholds>): Promise<Finding[]>
  untilPassed(id: string, thresholds?: Partial<Thresholds>): Promise<void>
  createQueue(name: string, queue?: Partial<NewQueue>): Promise<QueueKey>
  /** Moves the clock ahead without a jump that nobody believes. */
  passTime(seconds: number): Promise<void>
  /** Sets the clock so far ahead, at once. */
  setClock(seconds: number): Promise<void>
}

export const ACCOUNT_ID = '000000000000'

/** Starts one for a test file. Its duties of statistics hurry. */
export async function startExaminedServer(env: Record<string, string> = {}): Promise<ExaminedServer> {
  const server = await startTestServer({ STANCHION_STATISTICS_INTERVAL_MS: '50', ...env })
  const eventLoop = new EventLoopWatch()
  const clients: pg.Client[] = []
  const config = {
    databaseUrl: server.databaseUrl,
    databasePoolSize: Number(env.STANCHION_DATABASE_POOL_SIZE ?? 16),
    dataDir: '.',
  }
  let aheadSeconds = 0
  const session = async () => {
    const client = new pg.Client({ connectionString: server.databaseUrl })
    client.on('error', () => {})
    await client.connect()
    clients.push(client)
    return client
  }
  const sql = await session()
  const setClock = async (seconds: number) => {
    aheadSeconds = seconds
    await sql.query(`CREATE OR REPLACE FUNCTION stanchion.clock() RETURNS timestamptz LANGUAGE sql VOLATILE
      AS 'SELECT clock_timestamp() + interval ''${seconds} seconds'''`)
  }
  const doctor = (thresholds: Partial<Thresholds> = {}, node: Partial<NodeFacts> = {}) =>
    new Doctor({
      databaseUrl: server.databaseUrl,
      node: async () => ({ ...(await readNodeFacts({ engine: server.engine, config, eventLoop })), ...node }),
      thresholds,
      factsLifeMs: 0,
    })
  const examine = (thresholds?: Partial<Thresholds>, node?: Partial<NodeFacts>) => doctor(thresholds, node).examine()
  const findings = async (id: string, thresholds?: Partial<Thresholds>) =>
    (await examine(thresholds)).findings.filter((finding) => finding.id === id)
  const outcome = async (id: string, thresholds?: Partial<Thresholds>) => {
    const check = (await examine(thresholds)).checks.find((one) => one.id === id)
    if (check === undefined) throw new Error(`there is no check ${id}`)
    return check
  }
  return {
    ...server,
    sql,
    session,
    doctor,
    examine,
    findings,
    outcome,
    async untilFound(id, thresholds) {
      for (;;) {
        const found = await findings(id, thresholds)
        if (found.length > 0) return found
      }
    },
    async untilPassed(id, thresholds) {
      while ((await outcome(id, thresholds)).outcome !== 'passed');
    },
    async createQueue(name, queue = {}) {
      await server.engine.createQueue({ accountId: ACCOUNT_ID, name, ...queue })
      return { accountId: ACCOUNT_ID, name }
    },
    setClock,
    async passTime(seconds) {
      const target = aheadSeconds + seconds
      while (aheadSeconds < target) {
        await setClock(Math.min(target, aheadSeconds + STEP_SECONDS))
        await server.engine.ping()
      }
    },
    async stop() {
      eventLoop.close()
      await Promise.all(clients.map((client) => client.end()))
      await server.stop()
    },
  }
}
