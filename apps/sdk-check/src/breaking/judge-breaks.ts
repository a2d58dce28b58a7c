import type { Break } from './find-breaks.ts'

/** A break that was made on purpose. */
export interface AcceptedBreak {
  readonly operation?: string
  readonly change: string
  /** Stands in the sentence about the change; absent: any change of this kind to the operation. */
  readonly what?: string
  readonly reason: string
}

/** Everything that is wrong, a line each: breaks that nobody has accepted, and acceptances of what is not there. */
export function judgeBreaks(breaks: readonly Break[], accepted: readonly AcceptedBreak[]): string[] {
  const refused = breaks.filter((found) => !accepted.some((entry) => isFor(entry, found)))
  const idle = accepted.filter((entry) => !breaks.some((found) => isFor(entry, found)))
  const unreasoned = accepted.filter(({ reason }) => typeof reason !== 'string' || reason.trim() === '')
  return [
    ...refused.map(({ id, text, operationId }) => `${operationId ?? 'the document'}: ${text} (${id})`),
    ...idle.map((entry) => `accepted, but not there: ${nameOf(entry)}`),
    ...unreasoned.map((entry) => `accepted without a reason: ${nameOf(entry)}`),
  ]
}

function isFor({ operation, change, what = '' }: AcceptedBreak, { id, text, operationId }: Break): boolean {
  return change === id && operation === operationId && text.includes(what)
}

const nameOf = ({ operation = 'the document', change, what }: AcceptedBreak) =>
  [operation, change, what].filter((part) => part !== undefined).join(', ')
