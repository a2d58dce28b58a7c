import { duration } from '../words/duration.ts'
import { defineCheck } from './check.ts'

export const clockDrift = defineCheck({
  id: 'clock-drift',
  title: 'The clocks of this node and of the database agree',
  needs: ['service'],
  examine({ service: { clockAheadSeconds } }, thresholds) {
    const apart = Math.abs(clockAheadSeconds)
    if (apart < thresholds.clockDriftSeconds) return []
    return [
      {
        severity: apart >= thresholds.clockDriftCriticalSeconds ? 'critical' : 'warning',
        subject: 'clocks',
        summary: `The clock of the database is ${duration(apart)} ${clockAheadSeconds > 0 ? 'ahead of' : 'behind'} the clock of this machine. Messages follow the database; the age of signed requests follows this machine, and from 15 minutes on they are refused.`,
        advice:
          'Let both machines follow a time server (chronyc tracking, or timedatectl), and see which of them is wrong.',
      },
    ]
  },
})
