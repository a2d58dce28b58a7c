import { fileURLToPath } from 'node:url'
import type { Client } from './client.ts'
import { CELERY_STEPS, LIBRARY_STEPS, SPRING_STEPS, SQS_CONSUMER_STEPS } from './steps.ts'
import { go } from './toolchains/go.ts'
import { java } from './toolchains/java.ts'
import { node } from './toolchains/node.ts'
import { python } from './toolchains/python.ts'
import { shell } from './toolchains/shell.ts'

const HOME = fileURLToPath(new URL('..', import.meta.url))

const PROGRAMS: readonly Omit<Client, 'home'>[] = [
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
  {
    name: 'aws-cli',
    toolchain: shell,
    directory: 'aws-cli',
    manifest: 'requirements.txt',
    program: 'life_cycle.sh',
    steps: LIBRARY_STEPS,
  },
  {
    name: 'go',
    toolchain: go,
    directory: 'go',
    manifest: 'go.mod',
    program: 'main.go',
    steps: LIBRARY_STEPS,
  },
  {
    name: 'java',
    toolchain: java,
    directory: 'java',
    manifest: 'pom.xml',
    program: 'LifeCycle',
    steps: LIBRARY_STEPS,
  },
  {
    name: 'sqs-consumer',
    toolchain: node,
    directory: 'sqs-consumer',
    manifest: 'package.json',
    program: 'consume.mjs',
    steps: SQS_CONSUMER_STEPS,
  },
  {
    name: 'celery',
    toolchain: python,
    directory: 'celery',
    manifest: 'requirements.txt',
    program: 'work.py',
    steps: CELERY_STEPS,
  },
  {
    name: 'spring',
    toolchain: java,
    directory: 'spring',
    manifest: 'pom.xml',
    program: 'Shop',
    steps: SPRING_STEPS,
  },
]

/** All clients, in the order in which they run. */
export const CLIENTS: readonly Client[] = PROGRAMS.map((program) => ({ ...program, home: HOME }))
