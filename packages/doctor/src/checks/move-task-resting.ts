import { count, duration } from '../words/duration.ts'
import { defineCheck } from './check.ts'

export const moveTaskResting = defineCheck({
  id: 'move-task-resting',
  title: 'Move tasks go on',
  about: 'queues',
  needs: ['service'],
  examine({ service: { moveTasks } }, thresholds) {
    return moveTasks
      .filter(({ overdueSeconds }) => overdueSeconds >= thresholds.moveTaskRestSeconds)
      .map(({ taskId, accountId, source, messagesMoved, messagesToMove, overdueSeconds }) => ({
        severity: 'warning' as const,
        subject: `move task ${taskId}`,
        queue: { accountId, name: source },
        summary: `The move task ${taskId} of the queue ${source} has not gone on for ${duration(overdueSeconds)}; it moved ${messagesMoved.toLocaleString('en')} of ${count(messagesToMove, 'message')}.`,
        advice: `See duty-failing and the log of the servers ("a step of a move task failed"). To give it up, which loses nothing: stanchion redrive cancel ${source} ${taskId}.`,
      }))
  },
})
