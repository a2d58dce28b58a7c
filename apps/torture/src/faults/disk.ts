import { missingForDiskVolume } from '@stanchion/testing'
import type { Fault } from './fault.ts'

/** The machine of the database is off, in the middle of a write. What was not synced by then is gone. */
export const cutPower: Fault = {
  name: 'cut-power',
  about: 'the disk of Postgres stops at one instant; Postgres starts again with what had been synced',
  hits: 'postgres',
  on: 'volume',
  stops: 'database',
  needs: missingForDiskVolume,
  async inject({ system: { postgres } }) {
    await postgres.cutPower()
    return () => postgres.start()
  },
}
