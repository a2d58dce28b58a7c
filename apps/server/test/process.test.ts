import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { connect, createServer } from 'node:net'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { createTestDatabase } from '@stanchion/testing'

const MAIN = fileURLToPath(new URL('../src/main.ts', import.meta.url))

let database: Awaited<ReturnType<typeof createTestDatabase>>

beforeEach(async () => {
  database = await createTestDatabase()
})

/** What a test leaves behind when it fails. */
const leftovers: (() => void)[] = []

afterEach(async () => {
  for (const remove of leftovers.splice(0)) remove()
  await database.drop()
})

interface Server {
  readonly child: ChildProcess
  readonly output: () => string
  readonly errors: () => string
  readonly exited: Promise<number | null>
}

function start(env: Record<string, string>): Server {
  const child = spawn(process.execPath, [MAIN], { env: { PATH: process.env.PATH, ...env } })
  leftovers.push(() => child.kill('SIGKILL'))
  let output = ''
  let errors = ''
  child.stdout.on('data', (chunk) => {
    output += chunk
  })
  child.stderr.on('data', (chunk) => {
    errors += chunk
  })
  const exited = once(child, 'close').then(([code]) => code as number | null)
  return { child, output: () => output, errors: () => errors, exited }
}

/** Starts a server on a free port and waits for its greeting. */
async function startListening(): Promise<Server & { url: string }> {
  const server = start({ DATABASE_URL: database.url, PORT: '0' })
  while (!server.output().includes('First step with the AWS CLI')) {
    await Promise.race([once(server.child.stdout as NodeJS.ReadableStream, 'data'), server.exited])
    if (server.child.exitCode !== null) throw new Error(server.errors())
  }
  return { ...server, url: /listens on (\S+)/.exec(server.output())?.[1] ?? '' }
}

describe('the server process', () => {
  it('says where it listens, and its first commands work', async () => {
    const server = await startListening()
    const commands = [...server.output().matchAll(/^ {2}(curl .*)$/gm)].map((match) => match[1] ?? '')
    expect(commands).toHaveLength(3)
    const answers: string[] = []
    for (const command of commands) {
      const shell = spawn('sh', ['-c', command])
      let text = ''
      shell.stdout.on('data', (chunk) => {
        text += chunk
      })
      await once(shell, 'close')
      answers.push(text)
    }
    expect(answers[0]).toContain('"name":"hello"')
    expect(answers[1]).toContain('"messageId"')
    expect(answers[2]).toContain('"body":"first light"')
    expect(server.output()).toContain(`aws --endpoint-url ${server.url} --region us-east-1 sqs create-queue`)
    server.child.kill('SIGTERM')
    expect(await server.exited).toBe(0)
  })

  it.each(['SIGTERM', 'SIGINT'] as const)('G29 ends in order on %s, with exit code 0', async (signal) => {
    const server = await startListening()
    await (await fetch(`${server.url}/readyz`)).text()
    const signalledAt = Date.now()
    server.child.kill(signal)
    expect(await server.exited).toBe(0)
    expect(Date.now() - signalledAt).toBeLessThan(5_000)
    expect(server.errors()).toContain('"msg":"stopped"')
  })

  it('ends at once on a second signal, when a client keeps the first from ending it', async () => {
    const server = await startListening()
    const client = connect(Number(new URL(server.url).port), '127.0.0.1')
    leftovers.push(() => client.destroy())
    client.on('error', () => undefined)
    client.write(
      'POST /v1/queues HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n{',
    )
    await once(client, 'connect')
    server.child.kill('SIGTERM')
    while (!server.errors().includes('"stopping"')) await once(server.child.stderr as NodeJS.ReadableStream, 'data')
    server.child.kill('SIGTERM')
    expect(await server.exited).toBe(1)
  })

  it('writes its log as one JSON object per line', async () => {
    const server = await startListening()
    server.child.kill('SIGTERM')
    await server.exited
    for (const line of server.errors().trim().split('\n'))
      expect(JSON.parse(line)).toMatchObject({ msg: expect.any(String) })
  })

  it('names every wrong setting in one message and exits with 1', async () => {
    const server = start({ PORT: 'x', STANCHION_REGON: 'eu-west-1', HOST: '0.0.0.0' })
    expect(await server.exited).toBe(1)
    expect(server.errors()).toMatch(/PORT.*HOST.*STANCHION_REGON/s)
    expect(server.errors()).not.toContain('    at ')
  })

  it('says in one line that the database cannot be reached', async () => {
    const server = start({ DATABASE_URL: 'postgres://u:secret@127.0.0.1:1/x', PORT: '0' })
    expect(await server.exited).toBe(1)
    expect(server.errors()).toMatch(/^Stanchion could not start: .+\n$/)
    expect(server.errors()).not.toContain('secret')
  })

  it('says in one line that the port is taken', async () => {
    const other = createServer().listen(0, '127.0.0.1')
    leftovers.push(() => other.close())
    await once(other, 'listening')
    const port = (other.address() as { port: number }).port
    const server = start({ DATABASE_URL: database.url, PORT: String(port) })
    expect(await server.exited).toBe(1)
    expect(server.errors()).toMatch(/Stanchion could not start: .*EADDRINUSE.*\n$/)
  })
})
