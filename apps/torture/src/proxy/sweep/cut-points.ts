import type { Fault, Place, SeenFrame } from '../fault.ts'
import type { Direction } from '../protocol/frame.ts'
import { STARTUP } from '../protocol/statement-tracker.ts'

/** A message of one statement. */
interface FrameOfStatement {
  readonly direction: Direction
  readonly type: string
  readonly numberInStatement: number
}

/** A statement of an operation with everything that is said for it. */
export interface RecordedStatement {
  /** The connection's kind and the transaction so far: what the statement is known by in another run. */
  readonly key: string
  /** Among the statements of this key in the operation, from 1. */
  readonly occurrence: number
  readonly frames: readonly FrameOfStatement[]
}

/** A point at which an operation is cut. */
export interface CutPoint extends Omit<RecordedStatement, 'frames'>, FrameOfStatement {
  readonly at: Place
  readonly action: 'reset' | 'finish'
}

const PLACES: readonly Place[] = ['before', 'inside', 'after']
const ACTIONS = ['reset', 'finish'] as const

/** The connections that carry the operations of a server; the one for notices carries none. */
const KINDS = new Set(['stanchion', 'stanchion catalogue', 'stanchion keys'])

/** The same statement has the same key in every run. `undefined` for one that no operation can have. */
export function keyOf({ connection, statement }: SeenFrame): string | undefined {
  if (!KINDS.has(connection.applicationName)) return undefined
  return `${connection.applicationName}: ${statement.transaction.join('; ')}`
}

export function isStartup({ key }: Pick<RecordedStatement, 'key'>): boolean {
  return key.endsWith(`: ${STARTUP}`)
}

/** Numbers the statements of each key. */
class Occurrences {
  readonly #numbers = new Map<string, number>()
  readonly #counts = new Map<string, number>()

  /** Which one of its key it is, from 1, in the order in which they were seen. */
  of(key: string, { connection, statement }: SeenFrame): number {
    const id = `${connection.number}/${statement.number}`
    const known = this.#numbers.get(id)
    if (known !== undefined) return known
    const number = (this.#counts.get(key) ?? 0) + 1
    this.#counts.set(key, number)
    this.#numbers.set(id, number)
    return number
  }
}

/** Writes down what is said while an operation runs. */
export class Recording {
  readonly #occurrences = new Occurrences()
  readonly #statements = new Map<string, { key: string; occurrence: number; frames: FrameOfStatement[] }>()

  add(frame: SeenFrame): void {
    const key = keyOf(frame)
    if (key === undefined || frame.type === 'NotificationResponse') return
    const occurrence = this.#occurrences.of(key, frame)
    const id = `${occurrence} ${key}`
    const statement = this.#statements.get(id) ?? { key, occurrence, frames: [] }
    this.#statements.set(id, statement)
    const { direction, type, numberInStatement } = frame
    statement.frames.push({ direction, type, numberInStatement })
  }

  get statements(): RecordedStatement[] {
    return [...this.#statements.values()]
  }
}

/** What several runs of an operation have in common: a background duty that was at work during one of them is not in it. */
export function commonStatements(recordings: readonly Recording[]): RecordedStatement[] {
  const [first, ...others] = recordings.map(({ statements }) => statements)
  return (first ?? []).flatMap((statement) => {
    const same = others.map((statements) =>
      statements.find(({ key, occurrence }) => key === statement.key && occurrence === statement.occurrence),
    )
    if (same.includes(undefined)) return []
    const isCommon = (frame: FrameOfStatement) =>
      same.every((other) =>
        other?.frames.some(
          ({ direction, type, numberInStatement }) =>
            direction === frame.direction && type === frame.type && numberInStatement === frame.numberInStatement,
        ),
      )
    return [{ ...statement, frames: statement.frames.filter(isCommon) }]
  })
}

/** Every point of these statements, of every message before, inside and after it, by RST and by FIN. */
export function cutPointsOf(statements: readonly RecordedStatement[]): CutPoint[] {
  return statements.flatMap(({ frames, ...statement }) =>
    frames.flatMap((frame) =>
      PLACES.flatMap((at) => ACTIONS.map((action) => ({ ...statement, ...frame, at, action }) satisfies CutPoint)),
    ),
  )
}

/** The fault that cuts there. It counts from the moment at which it is made. */
export function faultAt(point: CutPoint): Fault {
  const occurrences = new Occurrences()
  return {
    at: point.at,
    action: point.action,
    matches: (frame) => {
      const key = keyOf(frame)
      if (key !== point.key || occurrences.of(key, frame) !== point.occurrence) return false
      return (
        frame.direction === point.direction &&
        frame.type === point.type &&
        frame.numberInStatement === point.numberInStatement
      )
    },
  }
}
