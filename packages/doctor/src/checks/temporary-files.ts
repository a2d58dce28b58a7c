import { bytes } from '../words/bytes.ts'
import { count, duration } from '../words/duration.ts'
import { defineCheck } from './check.ts'

const DAY_SECONDS = 86_400

export const temporaryFiles = defineCheck({
  id: 'temporary-files',
  title: 'Statements do not spill to disk',
  needs: ['database'],
  examine({ database }, thresholds) {
    const { name, temporaryFiles: files, temporaryBytes, countedSeconds } = database
    // The first minutes say nothing about a day.
    const perDay = (temporaryBytes / Math.max(countedSeconds, DAY_SECONDS / 24)) * DAY_SECONDS
    if (temporaryBytes < thresholds.temporaryBytes || perDay < thresholds.temporaryBytesPerDay) return []
    return [
      {
        severity: 'note',
        subject: `database ${name}`,
        summary: `Statements in the database ${name} wrote ${bytes(temporaryBytes)} to ${count(files, 'temporary file')} in ${duration(countedSeconds)}. Statements of Stanchion need none: somebody else sorts or joins a lot there.`,
        advice:
          "Find them: ALTER SYSTEM SET log_temp_files = '10MB'; SELECT pg_reload_conf(). Give them more work_mem, or a database of their own.",
      },
    ]
  },
})
