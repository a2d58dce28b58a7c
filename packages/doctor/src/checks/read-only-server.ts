import { defineCheck } from './check.ts'
import { undoSetting } from './undo-setting.ts'

export const readOnlyServer = defineCheck({
  id: 'read-only-server',
  title: 'The database takes writes',
  needs: ['settings'],
  examine({ settings }) {
    const isStandby = settings.text('in_recovery') === 'on'
    if (!isStandby && settings.text('default_transaction_read_only') === 'off') return []
    return [
      {
        severity: 'critical',
        subject: 'the database',
        summary: isStandby
          ? 'The server is a standby: nothing can be sent, received or deleted.'
          : 'default_transaction_read_only is on: nothing can be sent, received or deleted.',
        advice: isStandby
          ? 'Point DATABASE_URL to an address that follows the primary, or promote this server: SELECT pg_promote().'
          : undoSetting('default_transaction_read_only', settings.source('default_transaction_read_only')),
      },
    ]
  },
})
