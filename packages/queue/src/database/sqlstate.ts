import { QueueError } from '../errors.ts'

/** What a failed statement means for the work it carried. */
export type Failure =
  /** Another attempt of the same statement may work; nothing happened. */
  | 'retry'
  /** One of the rows is to blame; nothing happened. */
  | 'row'
  /** The statement came after its deadline; nothing happened. */
  | 'deadline'
  /** The log has no segment for this time; nothing happened. */
  | 'noSegment'
  /** The database cannot work now; nothing happened. */
  | 'unavailable'
  /** The connection ended while the statement ran: it may have happened. */
  | 'unknown'
  /** Our own mistake. */
  | 'bug'

/** Classes whose errors come from the values of a row: 21 cardinality, 22 data, 23 integrity, 54 program limit. */
const ROW_CLASSES = new Set(['21', '22', '23', '54'])
/** Classes in which the server says no before anything is stored: 53 resources, 57 intervention, 55 not available. */
const UNAVAILABLE_CLASSES = new Set(['53', '57', '55', '58'])

/** What a server answers instead of a connection: starting up or stopping, full, no such database, wrong password. */
const CONNECTION_REFUSALS = new Set(['57P03', '53300', '55000', '3D000', '28000', '28P01'])

/**
 * The one reading of what `pg` throws. What the server itself says has a severity; anything else means that the connection failed while
 * the statement ran, and its code is none of SQL, even where it looks like one (`EPIPE`).
 */
export function classifyFailure(error: unknown): Failure {
  const { code, severity, message } = error as { code?: unknown; severity?: unknown; message?: unknown }
  if (typeof severity !== 'string' || typeof code !== 'string' || !/^[0-9A-Z]{5}$/.test(code)) return 'unknown'
  if (code === 'ST001') return 'deadline'
  if (code === '40001' || code === '40P01') return 'retry'
  if (code === '55P03') return 'unavailable'
  if (CONNECTION_REFUSALS.has(code)) return 'unavailable'
  // Terminated while it ran: a commit that waited for a standby may have happened all the same.
  if (severity === 'FATAL' || severity === 'PANIC' || code.startsWith('08')) return 'unknown'
  if (code === '23514' && typeof message === 'string' && message.includes('no partition of relation'))
    return 'noSegment'
  if (code === '25006') return 'unavailable'
  const sqlClass = code.slice(0, 2)
  if (ROW_CLASSES.has(sqlClass)) return 'row'
  if (UNAVAILABLE_CLASSES.has(sqlClass)) return 'unavailable'
  return 'bug'
}

/** The engine's error for a failed statement. */
export function toQueueError(error: unknown): Error {
  if (error instanceof QueueError) return error
  switch (classifyFailure(error)) {
    case 'unknown':
      return new QueueError(
        'outcomeUnknown',
        'The connection to the database broke; the request may have taken effect.',
        {
          cause: error,
        },
      )
    case 'deadline':
      return new QueueError('deadlineExceeded', 'The request came too late to the database; nothing was done.', {
        cause: error,
      })
    case 'row':
      return new QueueError('invalidArgument', 'The database refused a value of this request; nothing was done.', {
        cause: error,
      })
    case 'retry':
    case 'noSegment':
    case 'unavailable':
      return new QueueError('unavailable', 'The database cannot do this now; nothing was done.', { cause: error })
    case 'bug':
      return error instanceof Error ? error : new Error(String(error))
  }
}
