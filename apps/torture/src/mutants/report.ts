import type { Hunt } from './hunt.ts'

const COLUMNS = [30, 40, 12] as const

/** What the columns of {@link reportLine} are. */
export function reportHeader(): string {
  return toLine(['mutant', 'has to be caught by', 'operations', 'caught by'])
}

/** A line of the table: which checkers went red, and after how many operations the first of those that have to did. */
export function reportLine({ mutant, catches, requestsBefore, isCaught }: Hunt): string {
  const first = catches.find(({ checker }) => mutant.checkers.includes(checker))
  const operations = isCaught && first !== undefined ? String(requestsBefore + first.requests) : 'SURVIVED'
  return toLine([
    mutant.name,
    mutant.checkers.join(', '),
    operations,
    catches.map(({ checker }) => checker).join(', ') || 'nobody',
  ])
}

function toLine(cells: readonly string[]): string {
  return cells
    .map((cell, i) => cell.padEnd(COLUMNS[i] ?? 0))
    .join('  ')
    .trimEnd()
}
