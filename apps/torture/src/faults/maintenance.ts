import { repeatInSession } from './database-session.ts'
import type { Fault, Heal } from './fault.ts'

const TABLES_OF_STANCHION = `SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables WHERE schemaname = 'stanchion'`
const PAUSE_MS = [0, 100] as const

/** Postgres is always tidying and always writing out: pages change places, and after each checkpoint all are logged whole. */
export const stormMaintenance: Fault = {
  name: 'storm-maintenance',
  about: 'checkpoints, and vacuums of all tables, without a pause',
  hits: 'postgres',
  async inject({ system: { databaseUrl }, random }) {
    const pauseMs = () => random.between(...PAUSE_MS)
    const heals: Heal[] = []
    heals.push(await repeatInSession(databaseUrl, pauseMs, (session) => session.query('CHECKPOINT')))
    heals.push(
      await repeatInSession(databaseUrl, pauseMs, async (session) => {
        const { rows } = await session.query<{ name: string }>(TABLES_OF_STANCHION)
        for (const { name } of random.shuffle(rows)) {
          await session.query(`VACUUM (${random.pick(['ANALYZE', 'FREEZE', 'INDEX_CLEANUP ON'])}) ${name}`)
        }
      }),
    )
    return async () => void (await Promise.all(heals.map((heal) => heal())))
  },
}
