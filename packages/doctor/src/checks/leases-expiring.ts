import { percent } from '../words/bytes.ts'
import { count, duration } from '../words/duration.ts'
import { defineCheck } from './check.ts'
import { activityBy, queueId } from './queue-activity.ts'

export const leasesExpiring = defineCheck({
  id: 'leases-expiring',
  title: 'Consumers finish before their leases end',
  about: 'queues',
  needs: ['queues', 'node'],
  runbook: 'leases-keep-expiring',
  examine({ queues, node: { activity } }, thresholds) {
    const lately = activityBy(activity.queues)
    return queues.flatMap(({ accountId, name, visibilityTimeoutSeconds }) => {
      const { received = 0, leasesExpired = 0 } = lately.get(queueId({ accountId, name })) ?? {}
      const share = leasesExpired / Math.max(1, received, leasesExpired)
      if (leasesExpired < thresholds.leasesExpired || share < thresholds.leasesExpiredShare) return []
      return [
        {
          severity: 'warning' as const,
          subject: `queue ${name}`,
          queue: { accountId, name },
          summary: `${count(leasesExpired, 'lease')} of the queue ${name} ended before the message was deleted in the last ${duration(activity.seconds)}, ${percent(share)} of its deliveries. Its visibility timeout is ${duration(visibilityTimeoutSeconds)}: consumers take longer, or stop in the middle, and the messages are handled again.`,
          advice: `Give consumers more time than handling takes: stanchion queue update ${name} --visibility-timeout-seconds ${Math.min(43_200, Math.max(30, visibilityTimeoutSeconds * 2))}. Or let them extend their leases while they work, as the Consumer of packages/client does.`,
        },
      ]
    })
  },
})
