import { defineCheck } from './check.ts'
import { queueId } from './queue-activity.ts'

export const deadLetterQueueMissing = defineCheck({
  id: 'dead-letter-queue-missing',
  title: 'Every dead-letter queue that is named is there',
  about: 'queues',
  needs: ['queues'],
  examine({ queues }) {
    const there = new Set(queues.map(queueId))
    return queues.flatMap(({ accountId, name, deadLetterQueue }) => {
      if (deadLetterQueue === null || there.has(queueId({ accountId, name: deadLetterQueue }))) return []
      return [
        {
          severity: 'warning' as const,
          subject: `queue ${name}`,
          queue: { accountId, name },
          summary: `The queue ${name} names ${deadLetterQueue} as its dead-letter queue, and there is no such queue: messages that fail are delivered again and again until they expire.`,
          advice: `Create it: stanchion queue create ${deadLetterQueue}. Or name another: stanchion queue update ${name} --dead-letter-queue … --receive-count-max …`,
        },
      ]
    })
  },
})
