import { count, duration } from '../words/duration.ts'
import { names } from '../words/quote.ts'
import { defineCheck } from './check.ts'
import { deadLetterQueues } from './dead-letter-queues.ts'
import { activityBy, queueId } from './queue-activity.ts'

export const deadLettersGrowing = defineCheck({
  id: 'dead-letters-growing',
  title: 'Few messages become dead letters',
  about: 'queues',
  needs: ['queues', 'node'],
  runbook: 'dead-letters-grow',
  examine({ queues, node: { activity } }, thresholds) {
    const lately = activityBy(activity.queues)
    return deadLetterQueues(queues).flatMap(({ queue, sources }) => {
      const { accountId, name, visible, inFlight, delayed } = queue
      const senders = sources.filter((source) => (lately.get(queueId(source))?.deadLettered ?? 0) > 0)
      const dead = senders.reduce((sum, source) => sum + (lately.get(queueId(source))?.deadLettered ?? 0), 0)
      if (dead < thresholds.deadLetters) return []
      return [
        {
          severity: 'warning' as const,
          subject: `dead-letter queue ${name}`,
          queue: { accountId, name },
          summary: `${count(dead, 'message')} from ${names(senders.map((source) => source.name))} became dead letters in ${name} in the last ${duration(activity.seconds)}; it holds ${count(visible + inFlight + delayed, 'message')} now.`,
          advice: `See why handling fails: the messages stand in the console, the errors in the log of the consumers. When it is mended, move them back: stanchion redrive start ${name}.`,
        },
      ]
    })
  },
})
