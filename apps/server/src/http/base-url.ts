import type { Server } from 'node:http'

/** Where a listening server is reached, as a URL without a trailing slash. */
export function baseUrlOf(server: Server): string {
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the server does not listen on a port')
  const host = address.family === 'IPv6' ? `[${address.address}]` : address.address
  return `http://${host}:${address.port}`
}
