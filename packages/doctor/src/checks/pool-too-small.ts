import { count } from '../words/duration.ts'
import { defineCheck } from './check.ts'

export const poolTooSmall = defineCheck({
  id: 'pool-too-small',
  title: 'Statements do not wait for a connection of this node',
  needs: ['node'],
  runbook: 'pool-exhausted',
  examine({ node: { poolSamples, poolSizeMax } }, thresholds) {
    const last = poolSamples.at(-1)
    if (last === undefined) return []
    const isExhausted = poolSamples.every(({ waiting, idle }) => waiting > 0 && idle === 0)
    const isSwamped = poolSamples.every(({ entriesWaiting }) => entriesWaiting >= thresholds.entriesWaiting)
    if (!isExhausted && !isSwamped) return []
    return [
      {
        severity: 'warning',
        subject: 'pool of this node',
        summary: isExhausted
          ? `All ${poolSizeMax} connections of this node are busy and ${count(last.waiting, 'statement')} ${last.waiting === 1 ? 'waits' : 'wait'} for one, with ${count(last.entriesWaiting, 'entry').replace('entrys', 'entries')} of requests behind them.`
          : `${count(last.entriesWaiting, 'entry').replace('entrys', 'entries')} of requests wait in this node to join a statement: requests come faster than the database does them.`,
        advice: isExhausted
          ? 'See first whether statements hang: a lock or a full disk looks the same (table-locked, snapshot-held). Otherwise raise STANCHION_DATABASE_POOL_SIZE and start the node again, if max_connections has room.'
          : 'See whether Postgres lacks processor or disk. Otherwise spread the load: more queues or lanes (STANCHION_QUEUE_LANES), larger batches, or a faster machine for Postgres.',
      },
    ]
  },
})
