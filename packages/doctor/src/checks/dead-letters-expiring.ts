import { count, duration } from '../words/duration.ts'
import { longerRetention } from '../words/longer-retention.ts'
import { defineCheck } from './check.ts'
import { deadLetterQueues } from './dead-letter-queues.ts'

export const deadLettersExpiring = defineCheck({
  id: 'dead-letters-expiring',
  title: 'No dead letter is about to outlive its retention',
  about: 'queues',
  needs: ['queues'],
  runbook: 'dead-letters-expire-soon',
  examine({ queues }, thresholds) {
    return deadLetterQueues(queues).flatMap(
      ({ queue: { accountId, name, retentionSeconds, oldestSeconds, visible, inFlight, delayed } }) => {
        const secondsLeft = retentionSeconds - (oldestSeconds ?? Number.NEGATIVE_INFINITY)
        if (secondsLeft > Math.min(thresholds.deadLetterSecondsLeft, retentionSeconds / 4)) return []
        return [
          {
            severity: 'critical' as const,
            subject: `dead-letter queue ${name}`,
            queue: { accountId, name },
            summary: `The oldest of ${count(visible + inFlight + delayed, 'dead letter')} in ${name} goes for good in ${duration(secondsLeft)}: it is ${duration(oldestSeconds ?? 0)} old, and the queue keeps messages for ${duration(retentionSeconds)}.`,
            advice: `Look at them in the console and move them back when their reason is mended: stanchion redrive start ${name}.${winTime(name, retentionSeconds)}`,
          },
        ]
      },
    )
  },
})

function winTime(name: string, retentionSeconds: number): string {
  const command = longerRetention(name, retentionSeconds)
  return command === undefined ? '' : ` To win time: ${command}.`
}
