import type pg from 'pg'
import { toParameter } from './array-parameter.ts'

/** What a connection prepares, under this name where it has one. */
export interface HotStatement {
  readonly name?: string
  readonly text: string
}

type ReadColumn = (text: string) => unknown

/** Of a connection what its types leave out. */
interface Connection extends pg.Connection {
  /** Texts of statements by their names. */
  readonly parsedStatements: Readonly<Record<string, string>>
}

/** How the columns of statements are read, by their names, on each connection that has told. */
const columnsOfConnections = new WeakMap<pg.Connection, Map<string, readonly ReadColumn[]>>()

/**
 * A statement as `pg` submits it, without what a statement that runs a thousand times a second need not be told each time: a connection
 * describes the columns of one with a name once. The description of twenty columns costs Postgres and the reader more than a small answer.
 */
export class HotQuery implements pg.Submittable {
  /** Read by `pg`, which notes what a connection has prepared. */
  readonly name: string | undefined
  readonly text: string
  readonly #values: (string | Buffer | null)[]
  readonly #types: pg.CustomTypesConfig
  readonly #resolve: (rows: unknown[][]) => void
  readonly #reject: (error: Error) => void
  readonly #rows: unknown[][] = []
  #columns: readonly ReadColumn[] = []
  #described: Map<string, readonly ReadColumn[]> | undefined

  /** Answers the rows as arrays, once the connection is ready for the next statement. Throws what `pg` throws. */
  static run(
    client: pg.ClientBase,
    statement: HotStatement,
    values: readonly unknown[],
    types: pg.CustomTypesConfig,
  ): Promise<unknown[][]> {
    return new Promise((resolve, reject) => {
      client.query(new HotQuery(statement, values, types, resolve, reject))
    })
  }

  private constructor(
    { name, text }: HotStatement,
    values: readonly unknown[],
    types: pg.CustomTypesConfig,
    resolve: (rows: unknown[][]) => void,
    reject: (error: Error) => void,
  ) {
    this.name = name
    this.text = text
    this.#values = values.map(toParameter)
    this.#types = types
    this.#resolve = resolve
    this.#reject = reject
  }

  submit(submitted: pg.Connection): void {
    const connection = submitted as Connection
    const { name = '', text } = this
    this.#described = columnsOfConnections.get(connection)
    if (this.#described === undefined) {
      this.#described = new Map()
      columnsOfConnections.set(connection, this.#described)
    }
    const columns = this.#described.get(name)
    connection.stream.cork()
    if (name === '' || connection.parsedStatements[name] === undefined)
      connection.parse({ name, text, types: [] }, true)
    connection.bind({ statement: name, values: this.#values }, true)
    if (columns === undefined) connection.describe({ type: 'P', name: '' }, true)
    else this.#columns = columns
    connection.execute({}, true)
    connection.sync()
    connection.stream.uncork()
  }

  handleRowDescription({ fields }: { readonly fields: readonly pg.FieldDef[] }): void {
    this.#columns = fields.map(({ dataTypeID }) => this.#types.getTypeParser(dataTypeID, 'text') as ReadColumn)
    if (this.name !== undefined) this.#described?.set(this.name, this.#columns)
  }

  handleDataRow({ fields }: { readonly fields: readonly (string | null)[] }): void {
    const row: unknown[] = new Array(fields.length)
    for (let i = 0; i < fields.length; i++) {
      const text = fields[i] as string | null
      row[i] = text === null ? null : (this.#columns[i] as ReadColumn)(text)
    }
    this.#rows.push(row)
  }

  handleCommandComplete(): void {}

  handleError(error: Error): void {
    this.#reject(error)
  }

  handleReadyForQuery(): void {
    this.#resolve(this.#rows)
  }
}
