import { defineCheck } from './check.ts'
import { undoSetting } from './undo-setting.ts'

export const isolationDiffers = defineCheck({
  id: 'isolation-differs',
  title: 'default_transaction_isolation is read committed',
  needs: ['settings'],
  examine({ settings }) {
    const isolation = settings.text('default_transaction_isolation')
    if (isolation === 'read committed') return []
    return [
      {
        severity: 'critical',
        subject: 'setting default_transaction_isolation',
        summary:
          `default_transaction_isolation is "${isolation}": locks are taken in the belief that the next statement sees what was ` +
          'committed meanwhile, which needs "read committed".',
        advice: undoSetting('default_transaction_isolation', settings.source('default_transaction_isolation')),
      },
    ]
  },
})
