import { count, duration } from '../words/duration.ts'
import { defineCheck } from './check.ts'
import { activityBy, queueId } from './queue-activity.ts'

export const queueNotReceived = defineCheck({
  id: 'queue-not-received',
  title: 'Somebody receives from every queue that has messages',
  about: 'queues',
  needs: ['queues', 'node'],
  runbook: 'messages-not-received',
  examine({ queues, node: { activity } }, thresholds) {
    if (activity.seconds < thresholds.notReceivedSeconds) {
      return {
        found: [],
        unseen: `This node has watched its queues for ${duration(activity.seconds)} only; ask again later.`,
      }
    }
    const lately = activityBy(activity.queues)
    // What waits in a dead-letter queue waits for a person.
    const targets = new Set(
      queues.map(({ accountId, deadLetterQueue }) => queueId({ accountId, name: deadLetterQueue ?? '' })),
    )
    return queues
      .filter((queue) => queue.visible > 0 && (queue.oldestSeconds ?? 0) >= thresholds.notReceivedSeconds)
      .filter((queue) => !targets.has(queueId(queue)) && (lately.get(queueId(queue))?.received ?? 0) === 0)
      .map(({ accountId, name, visible, oldestSeconds, retentionSeconds }) => ({
        severity: 'warning' as const,
        subject: `queue ${name}`,
        queue: { accountId, name },
        summary: `Nobody received from the queue ${name} in the last ${duration(activity.seconds)}, and ${count(visible, 'message')} ${visible === 1 ? 'waits' : 'wait'} there, the oldest for ${duration(oldestSeconds ?? 0)}.`,
        advice: `Start its consumers, or see what they wait for. Messages go at an age of ${duration(retentionSeconds)}. If nobody needs them: stanchion queue purge ${name}.`,
      }))
  },
})
