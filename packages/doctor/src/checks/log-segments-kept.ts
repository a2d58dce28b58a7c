import type { QueueFacts } from '../facts/read-queues.ts'
import { bytes } from '../words/bytes.ts'
import { count, duration } from '../words/duration.ts'
import { defineCheck } from './check.ts'

export const logSegmentsKept = defineCheck({
  id: 'log-segments-kept',
  title: 'Segments of the log go when their messages are done',
  needs: ['service', 'queues', 'database'],
  examine({ service: { segments, oldestSegmentSeconds }, queues, database }, thresholds) {
    if (segments < thresholds.logSegments) return []
    const oldest = oldestOf(queues)
    const culprit =
      oldest === undefined
        ? 'No queue holds a message, so something keeps them from being dropped.'
        : `The oldest message is in the queue ${oldest.name}, ${duration(oldest.oldestSeconds ?? 0)} old.`
    return [
      {
        severity: 'warning',
        subject: 'the log of messages',
        summary: `The log has ${count(segments, 'segment')}, the oldest closed ${duration(Math.max(0, oldestSegmentSeconds))} ago, and every statement looks at their list; the database takes ${bytes(database.sizeBytes)}. ${culprit}`,
        advice:
          oldest === undefined
            ? 'See table-locked and snapshot-held: a segment is dropped when nobody reads the log for a moment. The log of the servers says which segment is being read.'
            : `Receive or purge what is old: stanchion queue purge ${oldest.name}, or shorten its retention. Segments go by themselves when no more than 1,000 messages of a queue are left in them.`,
      },
    ]
  },
})

function oldestOf(queues: readonly QueueFacts[]): QueueFacts | undefined {
  return queues.reduce<QueueFacts | undefined>(
    (oldest, queue) => ((queue.oldestSeconds ?? -1) > (oldest?.oldestSeconds ?? -1) ? queue : oldest),
    undefined,
  )
}
