import { bytes } from '../words/bytes.ts'
import { duration } from '../words/duration.ts'
import { literal } from '../words/quote.ts'
import { defineCheck } from './check.ts'

export const replicationSlotHoldsWal = defineCheck({
  id: 'replication-slot-holds-wal',
  title: 'No replication slot fills the disk',
  needs: ['replicationSlots', 'settings'],
  examine({ replicationSlots, settings }, thresholds) {
    const isBounded = settings.number('max_slot_wal_keep_size') >= 0
    return replicationSlots
      .filter(({ heldBytes, walStatus }) => heldBytes >= thresholds.slotBytes && walStatus !== 'lost')
      .map(({ name, kind, active, heldBytes, inactiveSeconds, walStatus }) => {
        const reader = active
          ? 'its reader lags behind'
          : inactiveSeconds === null
            ? 'nobody reads it'
            : `nobody has read it for ${duration(inactiveSeconds)}`
        return {
          severity: heldBytes >= thresholds.slotCriticalBytes ? ('critical' as const) : ('warning' as const),
          subject: `replication slot ${name}`,
          summary: `The ${kind} replication slot ${name} holds ${bytes(heldBytes)} of WAL (wal_status ${walStatus}): ${reader}. ${isBounded ? 'At max_slot_wal_keep_size it is given up.' : 'It goes on until the disk is full, because max_slot_wal_keep_size is not set.'}`,
          advice: active
            ? 'See to the standby or subscriber that reads it: SELECT * FROM pg_stat_replication shows how far it is.'
            : `Start its standby or subscriber again, or give the slot up: SELECT pg_drop_replication_slot(${literal(name)}).`,
        }
      })
  },
})
