import { randomBytes } from 'node:crypto'
import { checkDatabase } from './database/check-database.ts'
import { Database } from './database/database.ts'
import { migrate } from './database/migrate.ts'
import { readDatabaseStatistics } from './database/read-database-statistics.ts'
import { readDatabaseTime } from './database/read-database-time.ts'
import { deadLettered, deadLetterQueue } from './dead-letters/dead-letter-route.ts'
import type { EngineContext } from './engine-context.ts'
import { fairClaimStatement } from './fair/fair-claim-statement.ts'
import { fairSendStatement } from './fair/fair-send-statement.ts'
import { fifoClaimStatement } from './fifo/fifo-claim-statement.ts'
import { fifoDeleteStatement } from './fifo/fifo-delete-statement.ts'
import { fifoSendStatement } from './fifo/fifo-send-statement.ts'
import { fifoChangeVisibilityStatement } from './fifo/fifo-settle-statement.ts'
import { BucketPipes } from './messages/bucket-pipes.ts'
import { BucketTicks } from './messages/bucket-ticks.ts'
import { changeVisibility } from './messages/change-visibility.ts'
import { changeVisibilityStatement } from './messages/change-visibility-statement.ts'
import { countAllMessages, countMessages } from './messages/count-messages.ts'
import { deleteMessages } from './messages/delete-messages.ts'
import { InFlightGate } from './messages/in-flight-gate.ts'
import { type HandleKey, ReceiptHandles } from './messages/receipt-handle.ts'
import { receiveMessages } from './messages/receive-messages.ts'
import { releaseClaimed } from './messages/release-claimed.ts'
import { sendMessages } from './messages/send-messages.ts'
import type { RunnerContext } from './messages/statement-runner.ts'
import { peekMessage, peekMessages } from './peek/peek.ts'
import { QueueCatalogue } from './queues/queue-catalogue.ts'
import { cancelMoveTask } from './redrive/cancel-move-task.ts'
import { getMoveTask } from './redrive/get-move-task.ts'
import { listMoveTasks } from './redrive/list-move-tasks.ts'
import { startMoveTask } from './redrive/start-move-task.ts'
import { getScaling } from './scaling/get-scaling.ts'
import { queueScaling } from './scaling/queue-scaling.ts'
import { createServices } from './services/create-services.ts'
import { ensureSegments } from './services/log-segments.ts'
import { ActivityLedger } from './statistics/activity-ledger.ts'
import { ActivityReporter } from './statistics/activity-reporter.ts'
import { observeBoth } from './statistics/observe-both.ts'
import { checkHistoryRange, Statistics } from './statistics/statistics.ts'
import type { Engine, EngineLogger, EngineOptions } from './types.ts'
import { Notices } from './waiting/notices.ts'
import { WaitRooms } from './waiting/wait-rooms.ts'

const DEFAULTS = { poolSizeMax: 16, requestDeadlineMs: 10_000, lanesPerQueue: 1, statisticsIntervalMs: 5_000 } as const

const SILENT: EngineLogger = { debug() {}, info() {}, warn() {}, error() {} }

/**
 * Connects to the database, brings its schema up to date and starts the background duties.
 * @throws Error when the database cannot be reached, or cannot keep the promises (see `checkDatabase`, `migrate`)
 */
export async function createEngine(options: EngineOptions): Promise<Engine> {
  const logger = options.logger ?? SILENT
  const ledger = new ActivityLedger()
  const observer = observeBoth(ledger.observer, options.observer ?? {})
  const deadlineMs = options.requestDeadlineMs ?? DEFAULTS.requestDeadlineMs
  const facts = await checkDatabase({
    databaseUrl: options.databaseUrl,
    allowUnsafe: options.allowUnsafeDatabase ?? false,
    hasSessionSettings: options.pooler !== 'transaction',
  })
  await migrate(options.databaseUrl)
  const database = new Database(
    {
      url: options.databaseUrl,
      pooler: options.pooler ?? 'none',
      poolSizeMax: options.poolSizeMax ?? DEFAULTS.poolSizeMax,
      deadlineMs,
      logger,
    },
    facts.isCitus,
  )
  await ensureSegments(database)
  await readDatabaseTime(database)

  const catalogue = new QueueCatalogue(database, options.lanesPerQueue ?? DEFAULTS.lanesPerQueue, options.ceilings)
  const leaseSecondsMax = catalogue.ranges.visibilityTimeoutSeconds.max
  const runner: RunnerContext = { database, observer, deadlineMs, ensureSegments: () => ensureSegments(database) }
  const ticks = new BucketTicks(runner)
  const bucketPipes = {
    changeVisibility: new BucketPipes(changeVisibilityStatement(leaseSecondsMax), runner),
    fairSend: new BucketPipes(fairSendStatement, runner),
    fairClaim: new BucketPipes(fairClaimStatement, runner),
    fifoSend: new BucketPipes(fifoSendStatement, runner),
    fifoClaim: new BucketPipes(fifoClaimStatement(leaseSecondsMax), runner),
    fifoDelete: new BucketPipes(fifoDeleteStatement, runner),
    fifoChangeVisibility: new BucketPipes(fifoChangeVisibilityStatement(leaseSecondsMax), runner),
  }
  const notices = new Notices({
    databaseUrl: options.listenDatabaseUrl ?? options.databaseUrl,
    logger,
    onNotice: (queueId, delayMs) => context.rooms.notice(queueId, delayMs, 'notice'),
    onConnected: () => context.rooms.wakeAll('notice'),
  })
  const context: EngineContext = {
    database,
    catalogue,
    handles: new ReceiptHandles(await handleKeys(database)),
    observer,
    logger,
    pipes: {
      send: ticks.send,
      claim: ticks.claim,
      delete: ticks.delete,
      ...bucketPipes,
    },
    gate:
      options.ceilings === undefined
        ? undefined
        : new InFlightGate({
            inFlightMax: options.ceilings.inFlightMax,
            count: async (live) => (await countMessages(context, live.queue)).inFlight,
            isDraining: () => context.rooms.isDraining,
          }),
    statistics: new Statistics(database),
    reporter: new ActivityReporter({ database, catalogue }, ledger),
    announce(queueId, delayMs, cause, tick) {
      ledger.touch(queueId)
      context.rooms.notice(queueId, delayMs, cause, tick)
      notices.publish(queueId, delayMs)
    },
    rooms: new WaitRooms((live) => ({
      claim: (item) => context.pipes.claim.submit(item),
      fairClaim: (item) => context.pipes.fairClaim.submit(item),
      fifoClaim: (item) => context.pipes.fifoClaim.submit(item),
      reload: () => catalogue.reload(live.queue),
      deadLetterQueue: (queue, isFresh) => deadLetterQueue(catalogue, queue, isFresh),
      deadLettered: (target, outcome) => deadLettered(context, live.queue, target.queue, outcome),
      trustedNowMs: () => database.clock.trustedNowMs(),
      release: (messages) => releaseClaimed(context, live, messages),
      leased: (delayMs) => notices.publish(live.queue.id, delayMs),
      onWake: (cause) => observer.wakeUp?.(cause),
      onServed: (cause, seconds) => observer.wokenReceive?.(cause, seconds),
    })),
  }

  const listens = options.pooler !== 'transaction' || options.listenDatabaseUrl !== undefined
  if (listens) await notices.start()
  else logger.warn({}, 'behind a transaction pooler and without a direct connection there are no notices between nodes')
  const services = createServices(context, options.statisticsIntervalMs ?? DEFAULTS.statisticsIntervalMs)
  for (const service of services.values()) service.start()

  let closing: Promise<void> | undefined
  return {
    createQueue: (input) => catalogue.create(input),
    getQueue: async (key) => (await catalogue.reload(key)).queue,
    listQueues: (request) => catalogue.list(request),
    listDeadLetterSources: (key, request) => catalogue.listDeadLetterSources(key, request),
    knownQueue: (key, ageMsMax) => catalogue.known(key, ageMsMax),
    updateQueue: (key, change) => catalogue.update(key, typeof change === 'function' ? change : () => change),
    tagQueue: (key, tags) => catalogue.update(key, (queue) => ({ tags: { ...queue.tags, ...tags } })),
    untagQueue: (key, keys) =>
      catalogue.update(key, (queue) => ({
        tags: Object.fromEntries(Object.entries(queue.tags).filter(([name]) => !keys.includes(name))),
      })),
    async deleteQueue(key) {
      context.announce(await catalogue.delete(key), 0, 'deleted')
      ledger.forget(key)
    },
    async purgeQueue(key) {
      ledger.touch(await catalogue.purge(key))
    },
    async startMoveTask(key, task) {
      const started = await startMoveTask(context, key, task)
      services.get('move-tasks')?.wake()
      return started
    },
    listMoveTasks: (key, limit) => listMoveTasks(context, key, limit),
    getMoveTask: (key, taskId) => getMoveTask(context, key, taskId),
    cancelMoveTask: (key, taskId) => cancelMoveTask(context, key, taskId),
    queueStatistics: () => context.statistics.all(),
    listQueueStatistics: (request) => context.statistics.list(request),
    statisticsOf: (key) => context.statistics.of(key),
    queueRates: (key) => context.statistics.rates(key),
    async queueHistory(key, rangeSeconds) {
      checkHistoryRange(rangeSeconds)
      await catalogue.reload(key)
      return context.statistics.history(key, rangeSeconds)
    },
    getScaling: (key) => getScaling(context, key),
    queueScaling: (statistics) => queueScaling(context, statistics),
    countMessages: (key) => countMessages(context, key),
    countAllMessages: () => countAllMessages(context),
    sendMessages: async (key, messages, options) => sendMessages(context, key, messages, options),
    receiveMessages: (key, request) => receiveMessages(context, key, request),
    peekMessages: (key, request) => peekMessages(context, key, request),
    peekMessage: (key, messageId) => peekMessage(context, key, messageId),
    deleteMessages: async (key, handles) => deleteMessages(context, key, handles),
    changeVisibility: async (key, changes) => changeVisibility(context, key, changes),
    ping: () => readDatabaseTime(database),
    databaseStatistics: () => readDatabaseStatistics(database),
    snapshot: () => ({
      waiters: context.rooms.waiters,
      poolTotal: database.poolTotal,
      poolIdle: database.poolIdle,
      poolWaiting: database.poolWaiting,
      entriesWaiting: [ticks, ...Object.values(bucketPipes)].reduce((sum, { waiting }) => sum + waiting, 0),
      databaseReachable: database.reachable,
    }),
    health: () => ({
      clockJumpSeconds: database.clock.distrustedJumpMs / 1_000,
      duties: [...services.values()].map((service) => service.health),
      activity: context.statistics.recentActivity(),
    }),
    drain: () => context.rooms.drain(),
    close() {
      closing ??= (async () => {
        context.rooms.drain()
        await Promise.all([...services.values()].map((service) => service.stop()))
        // What this node did since its last report.
        await context.reporter.round().catch((error: unknown) => logger.debug({ err: error }, 'the last report failed'))
        await notices.close()
        await database.close()
      })()
      return closing
    },
  }
}

/** The keys that sign receipt handles; the first node of a new database makes one. */
async function handleKeys(database: Database): Promise<HandleKey[]> {
  return database.withCatalogue(async (catalogue) => {
    const now = new Date()
    await catalogue
      .insertInto('stanchion.handle_key')
      .values({ key_id: 1, secret: randomBytes(32), created_at: now })
      .onConflict((conflict) => conflict.column('key_id').doNothing())
      .execute()
    const rows = await catalogue.selectFrom('stanchion.handle_key').selectAll().orderBy('created_at').execute()
    return rows.map((row) => ({ id: row.key_id, secret: row.secret }))
  })
}
