import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { createTestDatabase } from '@stanchion/testing'

const COMMAND = fileURLToPath(new URL('../src/keys.ts', import.meta.url))

let database: Awaited<ReturnType<typeof createTestDatabase>>
beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database.drop())

const masterKey = randomBytes(32).toString('hex')

async function run(args: readonly string[], env: Record<string, string> = { STANCHION_MASTER_KEY: masterKey }) {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', COMMAND, ...args], {
    env: { PATH: process.env.PATH, DATABASE_URL: database.url, ...env },
  })
  let output = ''
  let errors = ''
  child.stdout.on('data', (chunk) => {
    output += chunk
  })
  child.stderr.on('data', (chunk) => {
    errors += chunk
  })
  const [code] = await once(child, 'close')
  return { code, output, errors }
}

it('makes the first key on an empty database, and rotates, lists and disables it', async () => {
  const created = await run(['create', '--role', 'producer', '--queues', 'orders-*', '--description', 'the shop'])
  expect(created).toMatchObject({ code: 0, errors: '' })
  const id = /^AWS_ACCESS_KEY_ID=(SK\w{18})\nAWS_SECRET_ACCESS_KEY=[\w-]{40}\n$/.exec(created.output)?.[1] ?? ''
  const rotated = await run(['rotate', id, '--overlap-seconds', '60'])
  const successor = /^AWS_ACCESS_KEY_ID=(SK\w{18})\n/.exec(rotated.output)?.[1] ?? ''
  expect((await run(['disable', id])).output).toMatch(new RegExp(`^${id}  disabled  producer  orders-\\*  created `))
  const { output } = await run(['list'])
  expect(output.split('\n').map((line) => line.split('  ').slice(0, 2))).toEqual([
    [id, 'disabled'],
    [successor, 'works'],
    [''],
  ])
  expect(output).not.toContain('SECRET')
})

it.each([
  ['no command', [], /^usage: /],
  ['an unknown option', ['list', '--colour'], /--colour.*usage: /s],
  [
    'a wrong role',
    ['create', '--role', 'owner'],
    /^A role is one of admin, producer, consumer, inspector, reader\.\n$/,
  ],
  ['an unknown key', ['disable', 'SKAAAAAAAAAAAAAAAAAA'], /^There is no such access key/],
  ['a rotation without overlap', ['rotate', 'SKAAAAAAAAAAAAAAAAAA'], /^An overlap is a whole number/],
])('says in a sentence what is wrong with %s', async (_name, args, message) => {
  const { code, output, errors } = await run(args)
  expect({ code, output }).toEqual({ code: 2, output: '' })
  expect(errors).toMatch(message)
})

it('asks for a master key', async () => {
  expect(await run(['list'], {})).toEqual({ code: 2, output: '', errors: 'STANCHION_MASTER_KEY is not set.\n' })
})
