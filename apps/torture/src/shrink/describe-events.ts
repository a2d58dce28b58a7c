import type { Entry, HistoryEvent, Operation, Result } from '../history/event.ts'

/** A history as a list of commands and answers, a line each, for people. */
export function describeEvents(events: readonly HistoryEvent[]): string {
  return events.map((event) => `${event.atMs.toFixed(1).padStart(10)} ms  ${describe(event)}`).join('\n')
}

function describe(event: HistoryEvent): string {
  switch (event.type) {
    case 'queue': {
      const { atMs, type, queue, kind, ...rules } = event
      return `queue ${queue}, ${kind}${Object.keys(rules).length === 0 ? '' : `, ${JSON.stringify(rules)}`}`
    }
    case 'invoke':
      return `#${event.id} ${event.client} asks ${event.server} (${event.protocol}): ${describeOperation(event.operation)}`
    case 'ok':
      return `#${event.id} ok${describeResult(event.result)}`
    case 'fail':
    case 'unknown':
      return `#${event.id} ${event.type}: ${event.code}`
    case 'fault':
      return `fault ${event.id} ${event.fault}${event.server === undefined ? '' : ` of ${event.server}`}: ${event.step}`
    case 'clock':
      return `the clock of the database ${event.step === 'moving' ? 'is to move' : 'has moved'} by ${event.byMs} ms`
    case 'server':
    case 'database': {
      const { atMs, type, round, ...held } = event
      return `round ${round}, ${type} at rest: ${JSON.stringify(held)}`
    }
    default:
      return `${event.phase}${event.phase === 'end' ? (event.isClean ? ', clean' : ', not clean') : ''}`
  }
}

function describeOperation(operation: Operation): string {
  const { kind, queue } = operation
  switch (kind) {
    case 'send': {
      const messages = operation.messages.map(({ value, md5, attributesMd5, ...settings }) =>
        Object.keys(settings).length === 0 ? value : `${value} ${JSON.stringify(settings)}`,
      )
      return `send to ${queue}: ${messages.join(', ')}`
    }
    case 'receive':
      return `receive from ${queue}: up to ${operation.max}, wait ${operation.waitSeconds} s, lease ${operation.leaseSeconds} s`
    case 'delete':
      return `delete from ${queue}${alteredText(operation)}: ${operation.handles.join(', ')}`
    case 'change': {
      const changes = operation.changes.map(({ handle, leaseSeconds }) => `${handle} to ${leaseSeconds} s`)
      return `change leases of ${queue}${alteredText(operation)}: ${changes.join(', ')}`
    }
    case 'startMove':
      return `startMove ${queue} to ${operation.destination}, ${operation.perSecondMax} a second`
    case 'cancelMove':
      return `cancelMove ${queue} ${operation.task}`
    default:
      return `${kind} ${queue}`
  }
}

function alteredText({ altered }: { readonly altered?: true }): string {
  return altered === true ? ' with altered handles' : ''
}

function describeResult(result: Result): string {
  switch (result.kind) {
    case 'send':
      return `: ${result.entries.map((entry) => entryText(entry, ({ messageId, sequenceNumber }) => [messageId, sequenceNumber])).join(', ')}`
    case 'receive': {
      const messages = result.messages.map(
        ({ value, receiveCount, handle, sequenceNumber }) =>
          `${value} for the time ${receiveCount}${sequenceNumber === undefined ? '' : `, number ${sequenceNumber}`}, handle ${handle}`,
      )
      return messages.length === 0 ? ': nothing' : `: ${messages.join('; ')}`
    }
    case 'delete':
    case 'change':
      return `: ${result.entries.map((entry) => entryText(entry, () => ['done'])).join(', ')}`
    case 'startMove':
    case 'cancelMove':
    case 'listMoves':
      return `: ${result.tasks.map(({ id, status, moved }) => `${id} ${status}, ${moved} moved`).join('; ')}`
    case 'count':
      return `: ${JSON.stringify(result.counts)}`
    default:
      return ''
  }
}

function entryText<T>(entry: Entry<T>, text: (done: T) => readonly (string | undefined)[]): string {
  if (entry.outcome !== 'ok') return `${entry.outcome} ${(entry as { readonly code: string }).code}`
  return text(entry as T)
    .filter((each) => each !== undefined)
    .join(' number ')
}
