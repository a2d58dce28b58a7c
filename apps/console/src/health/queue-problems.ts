import type { QueueStatistics } from '@stanchion/client'
import { formatDuration, formatNumber } from '../components/format.ts'
import type { Severity } from './group-findings.ts'

/** What is wrong with a queue, in a sentence. */
export interface QueueProblem {
  readonly id: 'expiring' | 'deadLetters' | 'notReceived'
  readonly severity: Exclude<Severity, 'note'>
  readonly text: string
}

/** A message this close to its end, of the whole retention, is worth a word. */
const EXPIRING_SHARE = 0.75
/** Shorter than this, a queue that nobody receives from may just be between two polls. */
const NOT_RECEIVED_SECONDS = 300

/** All messages of a queue, whatever their state. */
export function storedMessages({ visible, inFlight, delayed }: Depths): number {
  return visible + inFlight + delayed
}

export type Depths = Pick<QueueStatistics, 'visible' | 'inFlight' | 'delayed'>

/** Whether other queues send their dead letters here. */
export function isDeadLetterQueue({ deadLetterSources }: Pick<QueueStatistics, 'deadLetterSources'>): boolean {
  return deadLetterSources.length > 0
}

/** What the numbers of a queue say against it, the worst first. */
export function queueProblems(queue: QueueStatistics): QueueProblem[] {
  const problems: QueueProblem[] = []
  const age = queue.oldestMessageAgeSeconds
  if (age !== null && age >= EXPIRING_SHARE * queue.retentionSeconds) {
    const left = queue.retentionSeconds - age
    const text =
      left <= 0
        ? 'Its oldest messages outlive the retention and are lost.'
        : `The oldest message is lost in ${formatDuration(left)}, when the retention is over.`
    problems.push({ id: 'expiring', severity: 'critical', text })
  }
  const stored = storedMessages(queue)
  if (isDeadLetterQueue(queue)) {
    if (stored > 0) {
      const text = stored === 1 ? 'A dead letter waits here.' : `${formatNumber(stored)} dead letters wait here.`
      problems.push({ id: 'deadLetters', severity: 'warning', text })
    }
  } else if (queue.visible > 0 && queue.receivedPerSecond === 0 && age !== null && age >= NOT_RECEIVED_SECONDS) {
    const text = `Nobody receives: the oldest message is ${formatDuration(age)} old.`
    problems.push({ id: 'notReceived', severity: 'warning', text })
  }
  return problems
}
