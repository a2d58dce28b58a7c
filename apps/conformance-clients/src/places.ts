import { join } from 'node:path'
import type { Client } from './client.ts'
import type { Places } from './toolchain.ts'

export function placesOf({ home, name, directory }: Client): Places {
  const clients = join(home, 'clients')
  return { source: join(clients, directory), shared: join(clients, 'shared'), installed: join(home, '.cache', name) }
}
