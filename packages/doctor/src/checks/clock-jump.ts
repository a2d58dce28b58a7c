import { duration } from '../words/duration.ts'
import { defineCheck } from './check.ts'

export const clockJump = defineCheck({
  id: 'clock-jump',
  title: 'The clock of the database has not jumped',
  needs: ['node'],
  examine({ node: { clockJumpSeconds } }) {
    if (clockJumpSeconds <= 0) return []
    return [
      {
        severity: 'critical',
        subject: 'clock of the database',
        summary: `The clock of the database jumped ahead by ${duration(clockJumpSeconds)} while this node ran. Leases and delays follow it; retention does not, so no message is lost to it and none that is too old goes either.`,
        advice:
          'Set the clock of its machine right. If it was wrong before and is right now, say so: SELECT stanchion.confirm_clock().',
      },
    ]
  },
})
