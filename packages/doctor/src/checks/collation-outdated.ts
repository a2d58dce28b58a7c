import { identifier } from '../words/quote.ts'
import { defineCheck } from './check.ts'

export const collationOutdated = defineCheck({
  id: 'collation-outdated',
  title: 'The collation is the one that the indexes were made with',
  needs: ['database'],
  examine({ database: { name, collationVersion, collationVersionNow } }) {
    if (collationVersion === null || collationVersionNow === null || collationVersion === collationVersionNow) return []
    return [
      {
        severity: 'warning',
        subject: `database ${name}`,
        summary:
          `The database ${name} was made with version ${collationVersion} of its collation and the operating system now has ` +
          `${collationVersionNow}: indexes over text may be in the wrong order, and groups or queues not be found.`,
        advice: `REINDEX DATABASE ${identifier(name)}; then ALTER DATABASE ${identifier(name)} REFRESH COLLATION VERSION.`,
      },
    ]
  },
})
