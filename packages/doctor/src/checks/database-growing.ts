import { bytes } from '../words/bytes.ts'
import { duration } from '../words/duration.ts'
import { defineCheck } from './check.ts'

export const databaseGrowing = defineCheck({
  id: 'database-growing',
  title: 'The database does not grow fast',
  needs: ['growth', 'database'],
  examine({ growth, database }, thresholds) {
    if (growth.seconds === 0 || growth.seconds < thresholds.growthWatchedSeconds) {
      return { found: [], unseen: `Its growth has been watched for ${duration(growth.seconds)} only; ask again later.` }
    }
    const perHour = (growth.bytes / growth.seconds) * 3_600
    if (perHour < thresholds.growthBytesPerHour) return []
    return [
      {
        severity: 'warning',
        subject: `database ${database.name}`,
        summary: `The database ${database.name} grew by ${bytes(growth.bytes)} in ${duration(growth.seconds)}, ${bytes(perHour)} an hour, and is ${bytes(database.sizeBytes)} now.`,
        advice:
          'Compare that with the free space on its disk. Messages that nobody receives, and segments of the log that cannot go, are the usual reasons: see queue-not-received and log-segments-kept.',
      },
    ]
  },
})
