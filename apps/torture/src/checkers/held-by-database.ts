import type { RestEvent } from '../history/event.ts'
import { type Checker, Findings } from './checker.ts'

const MEBIBYTE = 1024 * 1024
/** After so many rounds tables have found their size: what was deleted makes room for what comes. */
const WARM_ROUNDS = 5
const GROWTH_FACTOR_MAX = 2
const GROWTH_BYTES_MAX = 256 * MEBIBYTE
/** Postgres freezes at 200 million by itself, and stops at two billion. */
const FROZEN_XID_AGE_MAX = 250_000_000
/** A transaction that stays open keeps everything that is deleted meanwhile from being cleaned away. */
const TRANSACTION_SECONDS_MAX = 30

type DatabaseLine = Extract<RestEvent, { type: 'database' }>

/** With empty queues the database does not grow from round to round, leaves no transaction open, and does not run out of transaction ids. */
export const heldByDatabase: Checker = {
  name: 'database at rest',
  promises: [],
  check(history) {
    const findings = new Findings()
    const lines = history.rests.filter((line): line is DatabaseLine => line.type === 'database')
    for (const { round, frozenXidAge, oldestTransactionSeconds } of lines) {
      findings.expect(
        frozenXidAge <= FROZEN_XID_AGE_MAX,
        () => `the oldest transaction id that is not frozen is ${frozenXidAge} old after round ${round}`,
      )
      findings.expect(
        oldestTransactionSeconds <= TRANSACTION_SECONDS_MAX,
        () => `a transaction was open for ${Math.round(oldestTransactionSeconds)} s at rest after round ${round}`,
      )
    }
    const warm = lines[WARM_ROUNDS - 1]
    if (warm === undefined) return findings
    for (const { round, bytes, tables } of lines.slice(WARM_ROUNDS)) {
      findings.expect(bytes <= warm.bytes * GROWTH_FACTOR_MAX + GROWTH_BYTES_MAX, () => {
        const [largest = ''] = Object.entries(tables)
          .sort(([, a], [, b]) => b - a)
          .map(([name]) => name)
        return (
          `the database grew from ${mebibytes(warm.bytes)} MiB after round ${warm.round} to ${mebibytes(bytes)} MiB after round ${round}, ` +
          `with empty queues; its largest table is ${largest}`
        )
      })
    }
    return findings
  },
}

function mebibytes(bytes: number): number {
  return Math.round(bytes / MEBIBYTE)
}
