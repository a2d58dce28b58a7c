import { count, duration } from '../words/duration.ts'
import { defineCheck } from './check.ts'

export const archivingFails = defineCheck({
  id: 'archiving-fails',
  title: 'WAL is archived',
  needs: ['archiver', 'settings'],
  examine({ archiver, settings }) {
    if (settings.text('archive_mode') === 'off' || !archiver.isFailing) return []
    return [
      {
        severity: 'critical',
        subject: 'archiving of WAL',
        summary: `Archiving fails: ${count(archiver.failures, 'attempt')} so far, the last one ${duration(archiver.lastFailedSeconds ?? 0)} ago with ${archiver.lastFailedFile}. Backups are incomplete from there on, and WAL stays until the disk is full.`,
        advice:
          'The log of Postgres says what archive_command (or the archive library) answered; mend that, and archiving goes on by itself.',
      },
    ]
  },
})
