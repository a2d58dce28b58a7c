import type { Checker, Violation } from '../checkers/checker.ts'
import type { Entry, HistoryEvent, InvokeEvent, Operation, Result } from '../history/event.ts'
import { indexHistory } from '../history/index-history.ts'
import { minimize } from './minimize.ts'

/** A request with its outcome, a fault with its steps, or a phase: what is in a history as a whole or not at all. */
interface Unit {
  readonly key: string
  readonly events: readonly HistoryEvent[]
}

/**
 * Shrinks a history to requests and faults, and to entries of batches, without which its checker would no longer say the same of it. What is
 * left shows the violation by itself. Deterministic.
 */
export function shrinkHistory(
  events: readonly HistoryEvent[],
  checker: Checker,
  violation: Violation,
): readonly HistoryEvent[] {
  const positions = new Map(events.map((event, at) => [event, at]))
  const queueLines = events.filter(({ type }) => type === 'queue')
  const inOrder = (units: readonly Unit[]) =>
    [...queueLines, ...units.flatMap((unit) => unit.events)].sort(
      (a, b) => (positions.get(a) ?? 0) - (positions.get(b) ?? 0),
    )
  const holds = (part: readonly HistoryEvent[]) =>
    checker.check(indexHistory(part)).violations.some(({ text }) => text === violation.text)
  const units = unitsOf(events)
  const start = startsOf(units, violation).find((part) => holds(inOrder(part))) ?? units
  const needed = minimize(start, (part) => holds(inOrder(part)))
  const withoutEntries = shrinkEntries(inOrder(needed), holds)
  return minimize(withoutEntries, (part) => isWhole(part, withoutEntries) && holds(part))
}

function unitsOf(events: readonly HistoryEvent[]): readonly Unit[] {
  const units = new Map<string, HistoryEvent[]>()
  for (const event of events) {
    if (event.type === 'queue') continue
    const key = keyOf(event)
    const unit = units.get(key)
    if (unit === undefined) units.set(key, [event])
    else unit.push(event)
  }
  return [...units].map(([key, ofUnit]) => ({ key, events: ofUnit }))
}

function keyOf(event: HistoryEvent): string {
  if ('id' in event) return event.type === 'fault' ? `fault ${event.id}` : `request ${event.id}`
  return `${event.type} ${JSON.stringify(event)}`
}

/** From the smallest: the requests that the violation names, those with the same messages, those on the same queues. */
function startsOf(units: readonly Unit[], { requests }: Violation): readonly (readonly Unit[])[] {
  const named = units.filter((unit) => requests.some((id) => unit.key === `request ${id}`))
  const others = units.filter(({ key }) => !key.startsWith('request '))
  const tokens = new Set(named.flatMap(tokensOf))
  const queues = new Set(named.flatMap(queuesOf))
  const isAmong = (wanted: ReadonlySet<string>, of: (unit: Unit) => readonly string[]) =>
    units.filter((unit) => !unit.key.startsWith('request ') || of(unit).some((each) => wanted.has(each)))
  return [[...named, ...others], isAmong(tokens, tokensOf), isAmong(queues, queuesOf)]
}

/** By what the messages of a request are known. */
function tokensOf({ events }: Unit): readonly string[] {
  return events.flatMap((event) => {
    if (event.type === 'invoke') return operationTokens(event.operation)
    return event.type === 'ok' ? resultTokens(event.result) : []
  })
}

function operationTokens(operation: Operation): readonly string[] {
  if (operation.kind === 'send') return operation.messages.map(({ value }) => value)
  if (operation.kind === 'delete') return operation.handles
  return operation.kind === 'change' ? operation.changes.map(({ handle }) => handle) : []
}

function resultTokens(result: Result): readonly string[] {
  if (result.kind === 'receive') {
    return result.messages.flatMap(({ value, messageId, handle }) => [value, messageId, handle])
  }
  if (result.kind !== 'send') return []
  return result.entries.flatMap((entry) => (entry.outcome === 'ok' ? [entry.messageId] : []))
}

function queuesOf({ events }: Unit): readonly string[] {
  return events.flatMap((event) => (event.type === 'invoke' ? [event.operation.queue] : []))
}

/** Leaves out entries of batches, one by one. */
function shrinkEntries(
  events: readonly HistoryEvent[],
  holds: (part: readonly HistoryEvent[]) => boolean,
): readonly HistoryEvent[] {
  let left = events
  for (const { id, operation } of events.filter((event): event is InvokeEvent => event.type === 'invoke')) {
    for (let index = entriesOf(operation, left, id) - 1; index >= 0; index--) {
      if (entriesOf(operation, left, id) === 1) break
      const without = left.map((event) => withoutEntry(event, id, index))
      if (holds(without)) left = without
    }
  }
  return left
}

/** How many entries are left of a request; of a receive, messages that it brought. */
function entriesOf(operation: Operation, events: readonly HistoryEvent[], id: number): number {
  if (operation.kind === 'receive') {
    const ok = events.find((event) => event.type === 'ok' && event.id === id)
    return ok?.type === 'ok' && ok.result.kind === 'receive' ? ok.result.messages.length : 0
  }
  const invoke = events.find((event) => event.type === 'invoke' && event.id === id)
  if (invoke?.type !== 'invoke') return 0
  const now = invoke.operation
  if (now.kind === 'send') return now.messages.length
  if (now.kind === 'delete') return now.handles.length
  return now.kind === 'change' ? now.changes.length : 0
}

function withoutEntry(event: HistoryEvent, id: number, index: number): HistoryEvent {
  if (event.type === 'invoke' && event.id === id) {
    return { ...event, operation: operationWithout(event.operation, index) }
  }
  if (event.type === 'ok' && event.id === id) return { ...event, result: resultWithout(event.result, index) }
  return event
}

function operationWithout(operation: Operation, index: number): Operation {
  if (operation.kind === 'send') return { ...operation, messages: without(operation.messages, index) }
  if (operation.kind === 'delete') return { ...operation, handles: without(operation.handles, index) }
  return operation.kind === 'change' ? { ...operation, changes: without(operation.changes, index) } : operation
}

function resultWithout(result: Result, index: number): Result {
  if (result.kind === 'receive') return { ...result, messages: without(result.messages, index) }
  if (result.kind === 'send') return { ...result, entries: without<Entry<never>>(result.entries as never, index) }
  if (result.kind === 'delete' || result.kind === 'change')
    return { ...result, entries: without(result.entries, index) }
  return result
}

function without<T>(list: readonly T[], index: number): readonly T[] {
  return list.filter((_, i) => i !== index)
}

/** Whether at most lines of queues are missing: requests and faults were found to be needed. */
function isWhole(part: readonly HistoryEvent[], all: readonly HistoryEvent[]): boolean {
  const queues = new Set(part.flatMap((event) => (event.type === 'invoke' ? [event.operation.queue] : [])))
  const kept = new Set(part)
  return all.every((event) => kept.has(event) || (event.type === 'queue' && !queues.has(event.queue)))
}
