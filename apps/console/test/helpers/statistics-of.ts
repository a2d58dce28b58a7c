import type { QueueStatistics } from '@stanchion/client'

/** The numbers of an idle, empty queue, but for what is given. */
export function statisticsOf(given: Partial<QueueStatistics> = {}): QueueStatistics {
  return {
    name: 'orders',
    kind: 'standard',
    visible: 0,
    inFlight: 0,
    delayed: 0,
    oldestMessageAgeSeconds: null,
    sentPerSecond: 0,
    receivedPerSecond: 0,
    deletedPerSecond: 0,
    expiredPerSecond: 0,
    deadLetteredPerSecond: 0,
    totals: {
      sent: 0,
      received: 0,
      deleted: 0,
      expired: 0,
      deadLettered: 0,
      moved: 0,
      emptyReceives: 0,
      redelivered: 0,
      released: 0,
      leasesExpired: 0,
      duplicatesRefused: 0,
    },
    recentVisible: [],
    retentionSeconds: 345_600,
    deadLetterSources: [],
    tags: {},
    ...given,
  }
}
