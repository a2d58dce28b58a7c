import { literal } from '../words/quote.ts'
import { defineCheck } from './check.ts'

export const replicationSlotLost = defineCheck({
  id: 'replication-slot-lost',
  title: 'Every replication slot still has the WAL that its reader needs',
  needs: ['replicationSlots'],
  examine({ replicationSlots }) {
    return replicationSlots
      .filter(({ walStatus }) => walStatus === 'lost' || walStatus === 'unreserved')
      .map(({ name, walStatus }) => ({
        severity: walStatus === 'lost' ? ('warning' as const) : ('critical' as const),
        subject: `replication slot ${name}`,
        summary:
          walStatus === 'lost'
            ? `The replication slot ${name} has lost WAL that its reader needs: its standby or subscriber cannot go on and protects nothing.`
            : `The replication slot ${name} is about to lose WAL that its reader needs: at the next checkpoint its standby or subscriber cannot go on.`,
        advice:
          walStatus === 'lost'
            ? `Make the standby or subscriber anew, and remove the slot: SELECT pg_drop_replication_slot(${literal(name)}).`
            : 'Let the reader catch up now, and raise max_slot_wal_keep_size.',
      }))
  },
})
