import type { Client } from './client.ts'
import { LIBRARY_STEPS } from './steps.ts'
import { python } from './toolchains/python.ts'

/** All clients, in the order in which they run. */
export const CLIENTS: readonly Client[] = [
  {
    name: 'boto3',
    toolchain: python,
    directory: 'boto3',
    manifest: 'requirements.txt',
    program: 'life_cycle.py',
    steps: LIBRARY_STEPS,
  },
  {
    name: 'boto3-query',
    toolchain: python,
    directory: 'boto3',
    manifest: 'requirements-query.txt',
    program: 'life_cycle.py',
    steps: LIBRARY_STEPS,
  },
]
