import type { Line } from '../system/network.ts'
import { missingNetwork } from '../system/network.ts'
import type { ServerNode } from '../system/server-node.ts'
import type { Fault } from './fault.ts'

const KILOBITS_PER_SECOND = [400, 4_000] as const

/** The kernel loses every packet, and tells neither side: what was under way is sent again, for as long as somebody believes in it. */
export const cutLine: Fault = {
  name: 'cut-line',
  about: 'packets between a server and Postgres get lost, all of them; root alone',
  hits: 'server',
  stops: 'database',
  through: 'network',
  needs: ({ pgBouncer }) => missingLine(pgBouncer),
  async inject({ server }) {
    const line = lineOf(server)
    line.cut()
    return async () => line.heal()
  },
}

/** What does not fit waits, and gets lost when too much waits. */
export const narrowLine: Fault = {
  name: 'narrow-line',
  about: 'a thin line between a server and Postgres, on which packets queue up and get lost; root alone',
  hits: 'server',
  through: 'network',
  needs: ({ pgBouncer }) => missingLine(pgBouncer),
  async inject({ server, random }) {
    const line = lineOf(server)
    line.narrow(random.between(...KILOBITS_PER_SECOND))
    return async () => line.narrow(undefined)
  },
}

function missingLine(isPooled: boolean): string | undefined {
  return isPooled ? 'servers share their way to Postgres with --pgbouncer' : missingNetwork()
}

function lineOf({ name, link: { line } }: ServerNode): Line {
  if (line === undefined) throw new Error(`${name} has no line of its own to Postgres`)
  return line
}
