import type { RestEvent } from '../history/event.ts'
import type { System } from '../system/system.ts'
import { sampleDatabase } from './sample-database.ts'
import { sampleServers } from './sample-servers.ts'

const FIRST_KEPT = 10
const LAST_KEPT = 100

type Line = RestEvent extends infer Event ? (Event extends RestEvent ? Omit<Event, 'atMs'> : never) : never

/** What the processes of a system hold at rest, round after round. Each system has one of its own. */
export class RestLog {
  #round = 0
  #lines: Line[] = []

  /** Looks at a system at the end of a round. @returns this and all earlier looks, so that a history shows by itself what grows */
  async look(system: System): Promise<readonly Line[]> {
    this.#round += 1
    const round = this.#round
    const servers = (await sampleServers(system.servers)).map(
      (sample) => ({ type: 'server', round, ...sample }) as const,
    )
    const database = { type: 'database', round, ...(await sampleDatabase(system.databaseUrl)) } as const
    // What has ended holds nothing any more.
    const running = new Set(servers.map(({ pid }) => pid))
    this.#lines = this.#lines.filter((line) => line.type === 'database' || running.has(line.pid))
    this.#lines.push(...servers, database)
    // Of very many rounds the first and the last ones say it all.
    this.#lines = this.#lines.filter((line) => line.round <= FIRST_KEPT || line.round > round - LAST_KEPT)
    return this.#lines
  }
}
