const MIB = 1024 ** 2
const GIB = 1024 ** 3
const HOUR_SECONDS = 3_600
const DAY_SECONDS = 86_400

/** From where on something is worth a finding; `docs/operate/doctor.md` names them. */
export const THRESHOLDS = {
  /** A transaction that holds a snapshot. */
  snapshotSeconds: 600,
  snapshotCriticalSeconds: HOUR_SECONDS,
  /** A snapshot of a slot or a standby, whose age is known in transactions alone. */
  snapshotTransactions: 5_000_000,
  idleInTransactionSeconds: 120,
  /** How long a session waits for a lock on a table of Stanchion. */
  lockWaitSeconds: 10,

  /** Dead rows of one table: both the number and the share of the living rows. */
  deadRows: 1_000_000,
  deadRowsShare: 0.5,
  /** Dead rows at which autovacuum should have come: so many times its own threshold, and so many at least. */
  vacuumOverdueTimes: 10,
  vacuumOverdueRows: 200_000,
  vacuumOverdueSeconds: 900,
  autovacuumNaptimeSeconds: 60,
  autovacuumScaleFactor: 0.2,
  autovacuumCostDelayMs: 20,

  /** Age of the oldest transaction id, and of the oldest multixact; writing stops at two thousand million. */
  transactionAge: 500_000_000,
  transactionAgeCritical: 1_200_000_000,

  /** WAL that one replication slot holds. */
  slotBytes: GIB,
  slotCriticalBytes: 10 * GIB,

  /** Share of the disk that is free, and bytes, of which the smaller counts. */
  diskFreeShare: 0.15,
  diskFreeBytes: 20 * GIB,
  diskFreeCriticalShare: 0.05,
  diskFreeCriticalBytes: 2 * GIB,
  growthBytesPerHour: 10 * GIB,
  /** How long growth is watched before it is judged. */
  growthWatchedSeconds: 300,
  /** What one day writes to temporary files, on the average since the statistics began. */
  temporaryBytesPerDay: 10 * GIB,
  temporaryBytes: 256 * MIB,

  connectionsShare: 0.8,
  connectionsCriticalShare: 0.95,
  /** Entries of requests that wait in a node, beside a pool that has no connection free. */
  entriesWaiting: 2_000,

  /** How late one in a hundred pieces of work of a node begins. */
  eventLoopLagSeconds: 0.25,

  clockDriftSeconds: 5,
  /** Signed requests are refused from a difference of 15 minutes on. */
  clockDriftCriticalSeconds: 300,

  /** How long nobody received from a queue that has messages, and how old its oldest message is. */
  notReceivedSeconds: 300,
  /** How much time dead letters have left; never more than a quarter of the retention of their queue. */
  deadLetterSecondsLeft: DAY_SECONDS,
  /** What a queue sent to its dead-letter queue in the time that is looked back on. */
  deadLetters: 10,
  /** Leases that ended by themselves in that time: both the number and the share of the deliveries. */
  leasesExpired: 20,
  leasesExpiredShare: 0.1,
  /** Messages that outlived their retention in that time. */
  messagesExpired: 1,
  /** How far that is looked back. */
  lookBackSeconds: 900,

  logSegments: 30,
  /** How far the log must reach into the future. */
  logAheadSeconds: 300,
  /** Rounds of a duty that failed one after another. */
  dutyFailures: 3,
  /** How long a duty may go without a round that succeeds, beside its usual rest. */
  dutyRestSeconds: 600,
  moveTaskRestSeconds: 300,
} as const

/** The same names with other numbers, for tests and for who knows better. */
export type Thresholds = { readonly [Name in keyof typeof THRESHOLDS]: number }
