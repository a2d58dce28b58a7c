import type { OutputStream } from '../terminal.ts'
import { toTable } from './to-table.ts'

/** `table` for people; `json` for programs, whole; `ndjson` for pipes, one object a line. */
export const FORMATS = ['table', 'json', 'ndjson'] as const
export type Format = (typeof FORMATS)[number]

/** One column of a table: its title, and what stands in it. */
export type Column<Row> = readonly [title: string, cell: (row: Row) => string | number | undefined]

/** What a command answers, in the format that was asked for. JSON shows objects as the server has them, tables what people look for. */
export class Output {
  readonly #stdout: OutputStream
  readonly #format: Format

  constructor(stdout: OutputStream, format: Format) {
    this.#stdout = stdout
    this.#format = format
  }

  get isForPeople(): boolean {
    return this.#format === 'table'
  }

  /** A list. `nothing` is said to people when it is empty. */
  list<Row>(rows: readonly Row[], columns: readonly Column<Row>[], nothing: string): void {
    if (this.#format === 'ndjson') this.lines(rows)
    else if (this.#format === 'json') this.#write(JSON.stringify(rows, undefined, 2))
    else this.#write(rows.length === 0 ? nothing : listTable(rows, columns))
  }

  /** One thing, as pairs of a name and a value. */
  one<Row>(row: Row, columns: readonly Column<Row>[]): void {
    if (this.#format === 'ndjson') this.lines([row])
    else if (this.#format === 'json') this.#write(JSON.stringify(row, undefined, 2))
    else this.#write(pairTable(row, columns))
  }

  /** What was done: a sentence for people, the facts for programs. */
  done(sentence: string, facts: object): void {
    if (this.#format === 'table') this.#write(sentence)
    else this.one(facts, [])
  }

  /** Objects one a line, whatever the format: for streams that have no end. */
  lines(rows: readonly unknown[]): void {
    for (const row of rows) this.#write(JSON.stringify(row))
  }

  #write(text: string): void {
    this.#stdout.write(`${text}\n`)
  }
}

/** Rows below their titles. */
export function listTable<Row>(rows: readonly Row[], columns: readonly Column<Row>[]): string {
  const titles = columns.map(([title]) => title)
  return toTable(
    titles,
    rows.map((row) => columns.map(([, cell]) => cell(row))),
  )
}

function pairTable<Row>(row: Row, columns: readonly Column<Row>[]): string {
  const pairs = columns.map(([title, cell]) => [title, cell(row)] as const)
  return toTable(
    undefined,
    pairs.filter(([, value]) => value !== undefined),
  )
}
