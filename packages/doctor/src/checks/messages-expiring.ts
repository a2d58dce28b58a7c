import { count, duration } from '../words/duration.ts'
import { longerRetention } from '../words/longer-retention.ts'
import { defineCheck } from './check.ts'
import { activityBy, queueId } from './queue-activity.ts'

export const messagesExpiring = defineCheck({
  id: 'messages-expiring',
  title: 'No message outlives its retention unread',
  about: 'queues',
  needs: ['queues', 'node'],
  runbook: 'oldest-message-too-old',
  examine({ queues, node: { activity } }, thresholds) {
    const lately = activityBy(activity.queues)
    return queues.flatMap(({ accountId, name, retentionSeconds }) => {
      const expired = lately.get(queueId({ accountId, name }))?.expired ?? 0
      if (expired < thresholds.messagesExpired) return []
      const command = longerRetention(name, retentionSeconds)
      return [
        {
          severity: 'critical' as const,
          subject: `queue ${name}`,
          queue: { accountId, name },
          summary: `${count(expired, 'message')} of the queue ${name} went unprocessed in the last ${duration(activity.seconds)}, because they were older than its retention of ${duration(retentionSeconds)}.`,
          advice: `Start more consumers. Until they have caught up, let the queue keep messages longer${command === undefined ? '' : `: ${command}`}.`,
        },
      ]
    })
  },
})
