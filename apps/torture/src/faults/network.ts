import type { Cut, Place, Fault as ProxyFault } from '../proxy/fault.ts'
import { answersOf, type PostgresProxy } from '../proxy/postgres-proxy.ts'
import type { Random } from '../random.ts'
import type { ServerNode } from '../system/server-node.ts'
import type { Fault } from './fault.ts'

const PLACES: readonly Place[] = ['before', 'inside', 'after']
/** Between two breaks so many messages get through, over all connections of a server. */
const MESSAGES_BETWEEN_BREAKS = [20, 600] as const
/** Of so many answers to sends one gets lost. */
const SENDS_BETWEEN_CUTS = 4
const LATENCY_MS = [20, 150] as const
const DRIP_BYTES = [100, 1_000] as const

/** Connections end in the middle of anything: before, inside and behind any message, a COMMIT and its answer among them. */
export const breakConnections: Fault = {
  name: 'break-connections',
  about: 'connections of a server to Postgres break at any message, again and again',
  hits: 'server',
  through: 'proxy',
  inject: async ({ server, random }) => breakAgain(proxyOf(server), () => anyBreak(random, ['reset', 'finish'])),
}

/** One side of a connection is told that the other has ended, and the other goes on. */
export const halfCloseConnections: Fault = {
  name: 'half-close-connections',
  about: 'connections of a server to Postgres are closed in one direction at any message, again and again',
  hits: 'server',
  through: 'proxy',
  inject: async ({ server, random }) => breakAgain(proxyOf(server), () => anyBreak(random, ['halfClose'])),
}

/** Postgres has committed what clients sent, and the connection is reset before it can say so: nobody knows what became of it. */
export const cutAnswers: Fault = {
  name: 'cut-answers',
  about: 'connections of a server to Postgres are reset between the commit of a send and its answer',
  hits: 'server',
  through: 'proxy',
  async inject({ server }) {
    const matches = answersOf(/send|tick/, 'ReadyForQuery')
    return breakAgain(proxyOf(server), () => ({
      matches,
      occurrence: SENDS_BETWEEN_CUTS,
      at: 'before',
      action: 'reset',
    }))
  },
}

/** One server has no database while the others work. It hears so at once. */
export const refuseConnections: Fault = {
  name: 'refuse-connections',
  about: 'connections of a server to Postgres are reset, and new ones as well',
  hits: 'server',
  stops: 'database',
  through: 'proxy',
  async inject({ server }) {
    const proxy = proxyOf(server)
    proxy.setDoor('reset')
    for (const connection of proxy.connections) connection.cut('reset')
    return async () => proxy.setDoor('open')
  },
}

/** One server has no database, and hears nothing at all. When it is over, what was under way goes on, with servers that have given it up. */
export const stallConnections: Fault = {
  name: 'stall-connections',
  about: 'nothing gets through between a server and Postgres, then all that was under way',
  hits: 'server',
  stops: 'database',
  through: 'proxy',
  async inject({ server }) {
    const proxy = proxyOf(server)
    proxy.setDoor('stall')
    for (const connection of proxy.connections) connection.stall()
    return async () => {
      proxy.setDoor('open')
      proxy.resume()
    }
  },
}

/** The database is far away. */
export const delayConnections: Fault = {
  name: 'delay-connections',
  about: 'every message between a server and Postgres takes 20 to 150 ms',
  hits: 'server',
  through: 'proxy',
  async inject({ server, random }) {
    const proxy = proxyOf(server)
    proxy.setLatency(random.between(...LATENCY_MS))
    return async () => proxy.setLatency(0)
  },
}

/** The line is thin, and messages arrive in pieces. */
export const dripConnections: Fault = {
  name: 'drip-connections',
  about: 'messages between a server and Postgres arrive drop by drop',
  hits: 'server',
  through: 'proxy',
  async inject({ server, random }) {
    const proxy = proxyOf(server)
    proxy.setDrip(random.between(...DRIP_BYTES))
    return async () => proxy.setDrip(undefined)
  },
}

function proxyOf({ name, link: { proxy } }: ServerNode): PostgresProxy {
  if (proxy === undefined) throw new Error(`${name} has no proxy between itself and Postgres`)
  return proxy
}

/** Breaks a connection at the place that `next` says, and then the next one, until it is undone. */
function breakAgain(proxy: PostgresProxy, next: () => ProxyFault): () => Promise<void> {
  let armed = proxy.arm(next())
  let isOver = false
  const follow = (): void => {
    armed.hit.then(() => {
      if (isOver) return
      armed = proxy.arm(next())
      follow()
    })
  }
  follow()
  return async () => {
    isOver = true
    armed.disarm()
  }
}

function anyBreak(random: Random, cuts: readonly Cut[]): ProxyFault {
  return {
    matches: () => true,
    occurrence: random.between(...MESSAGES_BETWEEN_BREAKS),
    action: random.pick(cuts),
    at: random.pick(PLACES),
  }
}
