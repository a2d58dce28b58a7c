import { defineCheck } from './check.ts'

const OLDEST = 15
const NEWEST = 18

export const versionUnsupported = defineCheck({
  id: 'version-unsupported',
  title: `Postgres is of a version from ${OLDEST} to ${NEWEST}`,
  needs: ['settings'],
  examine({ settings }) {
    const major = Math.floor(settings.number('server_version_num') / 10_000)
    if (major >= OLDEST && major <= NEWEST) return []
    return [
      {
        severity: major < OLDEST ? 'critical' : 'note',
        subject: 'the database',
        summary:
          major < OLDEST
            ? `Postgres is of version ${settings.text('server_version')}: statements need ${OLDEST} or newer, and no server starts on it.`
            : `Postgres is of version ${settings.text('server_version')}, and this release was tried with ${OLDEST} to ${NEWEST} alone.`,
        advice:
          major < OLDEST
            ? `Move the data to Postgres ${NEWEST}, with pg_upgrade or pg_dump.`
            : 'Look for a newer release of Stanchion.',
      },
    ]
  },
})
