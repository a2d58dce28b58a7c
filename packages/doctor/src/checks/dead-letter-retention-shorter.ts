import { duration } from '../words/duration.ts'
import { names } from '../words/quote.ts'
import { defineCheck } from './check.ts'
import { deadLetterQueues } from './dead-letter-queues.ts'

export const deadLetterRetentionShorter = defineCheck({
  id: 'dead-letter-retention-shorter',
  title: 'Dead letters are kept at least as long as messages',
  about: 'queues',
  needs: ['queues'],
  examine({ queues }) {
    return deadLetterQueues(queues).flatMap(({ queue: { accountId, name, retentionSeconds, isFifo }, sources }) => {
      // In a FIFO queue the time of a dead letter begins anew.
      const longer = sources.filter((source) => source.retentionSeconds > retentionSeconds)
      if (isFifo || longer.length === 0) return []
      const longest = Math.max(...longer.map((source) => source.retentionSeconds))
      return [
        {
          severity: 'warning' as const,
          subject: `dead-letter queue ${name}`,
          queue: { accountId, name },
          summary: `The dead-letter queue ${name} keeps messages for ${duration(retentionSeconds)} and ${names(longer.map((source) => source.name))} for up to ${duration(longest)}. The age counts from the send, so a message may be gone the moment it becomes a dead letter.`,
          advice: `stanchion queue update ${name} --retention-seconds ${Math.max(longest, 1_209_600)}.`,
        },
      ]
    })
  },
})
