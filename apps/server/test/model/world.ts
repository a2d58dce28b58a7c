import { createHttp, createQueryClient, createSdkClient } from '@stanchion/conformance/clients'
import { createTestDatabase, type TestDatabase } from '@stanchion/testing'
import pg from 'pg'
import { startTestNode, type TestNode } from '../helpers/start-test-server.ts'
import type { Door } from './doors/door.ts'
import { RestDoor } from './doors/rest-door.ts'
import { SqsDoor } from './doors/sqs-door.ts'

/** The longest jump of the clock that nodes believe is 60 s. */
const STEP_MS = 50_000

/** How much slower the clock goes by itself: no instant is like the one before, and no timeout runs out unasked. */
const SLOWNESS = 100

export type DoorName = 'json' | 'query' | 'rest'

/** The real thing: a server that can be started anew, its doors, and the clock of its database, which hardly goes unless it is told to. */
export class World {
  readonly #database: TestDatabase
  readonly #sql: pg.Client
  #node: TestNode | undefined
  #doors: Readonly<Record<DoorName, Door>> | undefined
  #closeClient = () => {}
  #rest: RestDoor | undefined
  readonly #startedAt = new Date().toISOString()
  #aheadMs = 0

  private constructor(database: TestDatabase) {
    this.#database = database
    this.#sql = new pg.Client({ connectionString: database.url })
  }

  static async create(): Promise<World> {
    const world = new World(await createTestDatabase())
    await world.#start()
    await world.#sql.connect()
    await world.passTime(0)
    return world
  }

  /** The clock of the database, in milliseconds of the epoch. */
  async readClock(): Promise<number> {
    const { rows } = await this.#sql.query('SELECT extract(epoch FROM stanchion.clock()) * 1000 AS now')
    return Number(rows[0].now)
  }

  door(name: DoorName): Door {
    if (this.#doors === undefined) throw new Error('the server is not running')
    return this.#doors[name]
  }

  /** The door that can look without receiving, too. */
  get rest(): RestDoor {
    if (this.#rest === undefined) throw new Error('the server is not running')
    return this.#rest
  }

  async passTime(ms: number): Promise<void> {
    const targetMs = this.#aheadMs + ms
    do {
      this.#aheadMs = Math.min(targetMs, this.#aheadMs + STEP_MS)
      await this.#sql.query(
        `CREATE OR REPLACE FUNCTION stanchion.clock() RETURNS timestamptz LANGUAGE sql VOLATILE
         AS $$ SELECT timestamptz '${this.#startedAt}' + interval '${this.#aheadMs} ms'
                      + (clock_timestamp() - '${this.#startedAt}') / ${SLOWNESS} $$`,
      )
      await this.#node?.engine.ping()
    } while (this.#aheadMs < targetMs)
  }

  /** Stops the server and starts another one on the same database. */
  async restart(): Promise<void> {
    await this.#stop()
    await this.#start()
  }

  async close(): Promise<void> {
    await this.#stop()
    await this.#sql.end()
    await this.#database.drop()
  }

  async #start(): Promise<void> {
    this.#node = await startTestNode(this.#database.url)
    const { url } = this.#node
    const target = { endpoint: url, region: 'us-east-1', accessKeyId: 'x', secretAccessKey: 'x' }
    const { client, close } = createSdkClient(target)
    this.#closeClient = close
    this.#rest = new RestDoor(url)
    this.#doors = {
      json: new SqsDoor(client, url),
      query: new SqsDoor(createQueryClient(createHttp(target)), url),
      rest: this.#rest,
    }
  }

  async #stop(): Promise<void> {
    this.#closeClient()
    await this.#node?.stop()
    this.#node = undefined
  }
}
