import { defineCheck } from './check.ts'

export const eventLoopLate = defineCheck({
  id: 'event-loop-late',
  title: 'This node does at once what is due',
  needs: ['node'],
  examine({ node: { eventLoopLagSeconds } }, thresholds) {
    if (eventLoopLagSeconds === undefined) {
      return { found: [], unseen: 'This node has measured itself for some seconds only; ask again later.' }
    }
    if (eventLoopLagSeconds < thresholds.eventLoopLagSeconds) return []
    return [
      {
        severity: 'warning',
        subject: 'this node',
        summary: `One in a hundred pieces of work waits ${Math.round(eventLoopLagSeconds * 1_000)} ms in this node before its turn comes: its processor is busy or taken away, and every request waits with it.`,
        advice:
          'See whether the processor of its machine is full (top), or its share limited (a container with a quota). Run more nodes, give this one a whole processor, or send in batches; one node uses one processor.',
      },
    ]
  },
})
