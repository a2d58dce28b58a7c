import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { Fault } from '../faults/fault.ts'
import type { MoveTask, Result } from '../history/event.ts'
import { HistoryWriter, type Outcome } from '../history/history-writer.ts'
import { Random } from '../random.ts'
import { RestLog } from '../rest/rest-log.ts'
import type { System } from '../system/system.ts'
import { Backlogs } from '../workload/backlogs.ts'
import { Client } from '../workload/client.ts'
import { type DrainOptions, drain } from '../workload/drain.ts'
import { Moves } from '../workload/moves.ts'
import { planQueues, type QueuePlan } from '../workload/queues.ts'
import { RecordingWire } from '../workload/recording-wire.ts'
import { closeConnections } from '../workload/wire/call.ts'
import { jsonWire } from '../workload/wire/json-wire.ts'
import { queryWire } from '../workload/wire/query-wire.ts'
import { restWire } from '../workload/wire/rest-wire.ts'
import { type PlannedFault, planFaults } from './plan-faults.ts'
import { runFaults } from './run-faults.ts'

/** What a round does. The same options do the same, as far as machines allow. */
export interface RoundOptions {
  readonly seed: string
  readonly clients: number
  /** So many requests end before the round does. */
  readonly requests: number
  readonly faults: readonly Fault[]
  /** Where `history.jsonl` goes. */
  readonly directory: string
  /** What to do instead of what the seed says. */
  readonly plan?: readonly PlannedFault[]
  readonly drain?: DrainOptions
  /** With what the names of queues begin; those of an earlier round on the same system are used again. Default: something of the seed. */
  readonly queuePrefix?: string
  /** With what the names of clients begin, and so all values: another one for each round with the same queues. Default: `c`. */
  readonly clientPrefix?: string
  /** Where what the system holds at rest is noted, over all rounds with it. Default: one for this round. */
  readonly rest?: RestLog
  /** Is given the history when it begins, to see how the round goes on. */
  readonly watch?: (history: HistoryWriter) => void
  /** Ends the round early: faults are healed, and the queues are drained and judged. */
  readonly signal?: AbortSignal
}

const WIRES = [jsonWire, queryWire, restWire] as const
/** No queue holds many more messages, so that the drain is short. */
const BACKLOG_MAX = 150
/** At rest a server answers within this time. */
const INSIST_SECONDS_MAX = 10
const INSIST_EVERY_MS = 100
/** A queue tells of its last ten. */
const MOVE_TASKS_MAX = 9
/** After the last fault the clients go on for so many requests. */
const REQUESTS_AFTER_LAST_FAULT = 300
const SECONDS_AFTER_LAST_FAULT_MAX = 60

/**
 * Lets clients work while faults come and go, then counts and drains their queues. The system is whole before and after.
 * @returns the file with the history
 */
export async function runRound(system: System, options: RoundOptions): Promise<string> {
  const { seed, clients: count, requests, directory, signal = new AbortController().signal } = options
  const random = new Random(seed)
  const historyFile = join(directory, 'history.jsonl')
  const history = new HistoryWriter(historyFile)
  options.watch?.(history)
  try {
    const { queuePrefix = `t${random.fork('queues').between(0, 0xffff_ffff).toString(36)}`, clientPrefix = 'c' } =
      options
    const queues = planQueues(queuePrefix)
    await createQueues(system, history, queues)
    const plan = options.plan ?? planFaults(random.fork('plan'), options.faults, requests, system.servers.length)
    const backlogs = new Backlogs(BACKLOG_MAX)
    const moves = new Moves(MOVE_TASKS_MAX)
    const stopping = new AbortController()
    const clients = Array.from({ length: count }, (_, i) => {
      const name = `${clientPrefix}${i + 1}`
      const wire = new RecordingWire(history, name, WIRES[i % WIRES.length] ?? jsonWire)
      return new Client({ name, random: random.fork(name), wire, targets: system.servers, queues, backlogs, moves })
    })
    const working = Promise.all(clients.map((client) => client.run(stopping.signal)))
    const hurting = work(system, history, plan, random, requests, AbortSignal.any([signal, stopping.signal]))
    try {
      // A client that fails ends the round at once; whatever is broken then is healed all the same.
      await Promise.race([hurting, working])
    } finally {
      stopping.abort()
      await Promise.allSettled([hurting, working])
    }
    await working
    await settle(system, history, queues, options)
  } finally {
    history.close()
  }
  return historyFile
}

async function createQueues(system: System, history: HistoryWriter, queues: readonly QueuePlan[]): Promise<void> {
  const wire = new RecordingWire(history, 'setup', jsonWire)
  for (const plan of queues) {
    const { queue, kind, deadLetter, deduplicationScope, retentionSeconds, movesTo } = plan
    const rules = {
      ...(deadLetter === undefined ? {} : { deadLetter }),
      ...(deduplicationScope === undefined ? {} : { deduplicationScope }),
      ...(retentionSeconds === undefined ? {} : { retentionSeconds }),
      ...(movesTo === undefined ? {} : { movesTo }),
    }
    history.queue({ queue, kind, ...rules })
    await insist(`${queue} could not be created`, () => wire.createQueue(firstOf(system), plan))
    // Those of an earlier round, when it had the same queues.
    if (movesTo !== undefined) await listMoves(system, wire, queue)
  }
}

async function work(
  system: System,
  history: HistoryWriter,
  plan: readonly PlannedFault[],
  random: Random,
  requests: number,
  signal: AbortSignal,
): Promise<void> {
  await runFaults(system, history, plan, random, signal)
  await history.untilEnded(requests, { signal })
  const secondsMax = SECONDS_AFTER_LAST_FAULT_MAX
  await history.untilEnded(history.ended + REQUESTS_AFTER_LAST_FAULT, { secondsMax })
}

/** Counts everywhere while nothing happens, takes everything out, and looks at what the system holds then. */
async function settle(
  system: System,
  history: HistoryWriter,
  queues: readonly QueuePlan[],
  { drain: drainOptions, rest = new RestLog() }: RoundOptions,
): Promise<void> {
  await endMoves(system, new RecordingWire(history, 'mover', jsonWire), queues)
  history.phase('rest')
  for (const wire of WIRES) {
    const counter = new RecordingWire(history, `counter-${wire.protocol}`, wire)
    for (const { queue } of queues) for (const server of system.servers) await counter.count(server, queue)
  }
  history.phase('drain')
  const isClean = await drain(new RecordingWire(history, 'drain', jsonWire), system.servers, queues, drainOptions)
  await closeConnections()
  for (const line of await rest.look(system)) history.rest(line)
  history.end(isClean)
}

/** Cancels what is still moving, so that nothing happens any more. */
async function endMoves(system: System, wire: RecordingWire, queues: readonly QueuePlan[]): Promise<void> {
  for (const { queue, movesTo } of queues) {
    if (movesTo === undefined) continue
    for (let isOver = false; !isOver; ) {
      const running = (await listMoves(system, wire, queue)).find(({ status }) => status === 'running')
      if (running !== undefined) await wire.cancelMove(firstOf(system), queue, running.id)
      isOver = running === undefined
    }
  }
}

async function listMoves(system: System, wire: RecordingWire, queue: string): Promise<readonly MoveTask[]> {
  const result = await insist(`the move tasks of ${queue} could not be listed`, () =>
    wire.listMoves(firstOf(system), queue),
  )
  return 'tasks' in result ? result.tasks : []
}

/**
 * Asks again when a server has no answer: it may just find that its connections are of the time before the last fault.
 * @throws Error with `problem` when it has none for long
 */
async function insist(problem: string, ask: () => Promise<Outcome>): Promise<Result> {
  for (const lastMs = performance.now() + INSIST_SECONDS_MAX * 1000; ; await delay(INSIST_EVERY_MS)) {
    const outcome = await ask()
    if (outcome.outcome === 'ok') return outcome.result
    if (outcome.outcome === 'fail' || performance.now() > lastMs) throw new Error(`${problem}: ${outcome.code}`)
  }
}

function firstOf({ servers }: System) {
  const [first] = servers
  if (first === undefined) throw new Error('a system has at least one server')
  return first
}
