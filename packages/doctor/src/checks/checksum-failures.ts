import { count } from '../words/duration.ts'
import { defineCheck } from './check.ts'

export const checksumFailures = defineCheck({
  id: 'checksum-failures',
  title: 'No page of the database is damaged',
  needs: ['database'],
  examine({ database: { name, checksumFailures: failures } }) {
    if (failures === 0) return []
    return [
      {
        severity: 'critical',
        subject: `database ${name}`,
        summary: `Postgres met ${count(failures, 'damaged page')} in the database ${name}: the disk or the memory of the machine returns wrong data.`,
        advice:
          'Take a copy of the data directory, move to another machine, and restore a backup or fail over to a standby. ' +
          'The log of Postgres names the pages ("invalid page in block").',
      },
    ]
  },
})
