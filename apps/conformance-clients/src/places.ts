import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Client } from './client.ts'
import type { Places } from './toolchain.ts'

const CLIENTS = fileURLToPath(new URL('../clients', import.meta.url))
const CACHE = fileURLToPath(new URL('../.cache', import.meta.url))

/** The helpers that the programs of a language share. */
export const SHARED = join(CLIENTS, 'shared')

export function placesOf({ name, directory }: Client): Places {
  return { source: join(CLIENTS, directory), installed: join(CACHE, name) }
}
