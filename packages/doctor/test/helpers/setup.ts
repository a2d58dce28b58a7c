import { migrate } from '@stanchion/queue'
import { createTestDatabase } from '@stanchion/testing'
import pg from 'pg'
import { examineDatabase, type Finding, type Report, type Thresholds } from '../../src/index.ts'

/** A migrated database of one's own, with sessions beside the doctor's. */
export interface Bundle {
  readonly url: string
  readonly sql: pg.Client
  /** One more session, which ends with the bundle. @param application what it calls itself */
  session(application: string, url?: string): Promise<pg.Client>
  examine(thresholds?: Partial<Thresholds>): Promise<Report>
  /** What one check found. */
  findings(id: string, thresholds?: Partial<Thresholds>): Promise<Finding[]>
  close(): Promise<void>
}

export async function setup(): Promise<Bundle> {
  const database = await createTestDatabase()
  await migrate(database.url)
  const bundle = await bundleOn(database.url)
  return {
    ...bundle,
    async close() {
      await bundle.close()
      await database.drop()
    },
  }
}

/** The same on a database that is there. */
export async function bundleOn(url: string): Promise<Bundle> {
  const clients: pg.Client[] = []
  const session = async (application: string, sessionUrl = url) => {
    const client = new pg.Client({ connectionString: sessionUrl, application_name: application })
    client.on('error', () => {})
    await client.connect()
    clients.push(client)
    return client
  }
  const examine = (thresholds: Partial<Thresholds> = {}) => examineDatabase(url, thresholds)
  return {
    url,
    sql: await session('test'),
    session,
    examine,
    findings: async (id, thresholds) => (await examine(thresholds)).findings.filter((finding) => finding.id === id),
    async close() {
      await Promise.all(clients.map((client) => client.end()))
    },
  }
}

/** What became of one check. */
export function outcomeOf({ checks }: Report, id: string): { outcome: string; reason?: string } {
  const check = checks.find((one) => one.id === id)
  if (check === undefined) throw new Error(`there is no check ${id}`)
  const { outcome, reason } = check
  return reason === undefined ? { outcome } : { outcome, reason }
}
