import { once } from 'node:events'
import { connect } from 'node:net'
import type { Fault } from './fault.ts'

/** Clients go away while they wait for messages, some of them in the very moment in which there are some. */
export const vanishClients: Fault = {
  name: 'vanish-clients',
  about: 'clients destroy their connections to a server while they receive',
  hits: 'server',
  async inject({ server }) {
    server.isLeft = true
    return async () => {
      server.isLeft = false
    }
  },
}

const DEAF_CLIENTS = 10
/** A document of some size that costs no database work. */
const ASK = 'GET /openapi.json HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n'
/** No more than may wait for their turn on one connection. */
const ASKS = 90

/** Clients ask for megabytes and read nothing: what a server keeps for them has to have an end. */
export const deafenClients: Fault = {
  name: 'deafen-clients',
  about: 'ten clients of a server ask for megabytes and read no answer',
  hits: 'server',
  async inject({ server }) {
    const { hostname, port } = new URL(server.url)
    const sockets = Array.from({ length: DEAF_CLIENTS }, () => connect(Number(port), hostname))
    for (const socket of sockets) {
      socket.on('error', () => undefined).pause()
      socket.write(ASK.repeat(ASKS))
    }
    await Promise.all(sockets.map((socket) => once(socket, 'connect')))
    return async () => {
      for (const socket of sockets) socket.destroy()
    }
  },
}
