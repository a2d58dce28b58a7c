import Table from 'cli-table3'
import { printable } from './printable.ts'

const NO_LINES = {
  ...{
    top: '',
    'top-mid': '',
    'top-left': '',
    'top-right': '',
    mid: '',
    'mid-mid': '',
    'left-mid': '',
    'right-mid': '',
  },
  ...{ bottom: '', 'bottom-mid': '', 'bottom-left': '', 'bottom-right': '', left: '', right: '', middle: '  ' },
}

type Cell = string | number | undefined

/** Aligned columns without lines between them, numbers to the right. Absent cells show as `-`. */
export function toTable(titles: readonly string[] | undefined, rows: readonly (readonly Cell[])[]): string {
  const width = Math.max(titles?.length ?? 0, ...rows.map((row) => row.length))
  const isNumeric = (column: number) =>
    titles !== undefined &&
    rows.some((row) => typeof row[column] === 'number') &&
    rows.every((row) => row[column] === undefined || typeof row[column] === 'number')
  const table = new Table({
    chars: NO_LINES,
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0 },
    colAligns: Array.from({ length: width }, (_, column) => (isNumeric(column) ? 'right' : 'left')),
  })
  if (titles !== undefined) table.push(titles.map((title) => title.toUpperCase()))
  for (const row of rows) table.push(row.map((cell) => (cell === undefined ? '-' : printable(String(cell)))))
  return table
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n')
}
