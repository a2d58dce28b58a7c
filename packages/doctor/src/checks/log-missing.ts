import { duration } from '../words/duration.ts'
import { defineCheck } from './check.ts'

export const logMissing = defineCheck({
  id: 'log-missing',
  title: 'The log reaches into the future',
  needs: ['service'],
  examine({ service: { logAheadSeconds, duties } }, thresholds) {
    // No server has ever started on this database.
    if (!duties.some(({ name }) => name === 'log segments')) return []
    if (logAheadSeconds !== null && logAheadSeconds >= thresholds.logAheadSeconds) return []
    return [
      {
        severity: 'critical',
        subject: 'the log of messages',
        summary:
          logAheadSeconds !== null && logAheadSeconds > 0
            ? `The log has room for messages of the next ${duration(logAheadSeconds)} only; after that sends are refused.`
            : 'The log has no segment for messages that are sent now: sends make one first, and are refused when that fails.',
        advice:
          'The duty log-segments makes segments ahead, and does not succeed: see duty-failing and the log of the servers. The role must be allowed to create tables in the schema stanchion.',
      },
    ]
  },
})
