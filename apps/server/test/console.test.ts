import { randomBytes } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { fastify } from 'fastify'
import { registerConsole } from '../src/console/register-console.ts'
import { RestClient } from './helpers/rest-client.ts'
import { startTestServer, type TestServer } from './helpers/start-test-server.ts'

describe('the console', () => {
  let directory: string
  const app = fastify()
  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), 'stanchion-console-'))
    mkdirSync(join(directory, 'assets'))
    writeFileSync(join(directory, 'index.html'), '<meta name="csp-nonce" content="__CSP_NONCE__" />')
    writeFileSync(join(directory, 'assets', 'index-abc.js'), 'plain')
    writeFileSync(join(directory, 'assets', 'index-abc.js.br'), 'compressed')
    await registerConsole(app, directory)
  })
  afterAll(async () => {
    await app.close()
    rmSync(directory, { recursive: true })
  })

  it('is one page at every address below /console, with a nonce of its own each time', async () => {
    const nonces = new Set<string>()
    for (const url of ['/console', '/console/', '/console/queues/orders.fifo/messages']) {
      const { statusCode, headers, body } = await app.inject(url)
      expect(statusCode).toBe(200)
      const [, nonce = ''] = /content="(.{24})"/.exec(body) ?? []
      expect(headers['content-security-policy']).toContain(`style-src 'self' 'nonce-${nonce}'`)
      expect(headers['cache-control']).toBe('no-store')
      nonces.add(nonce)
    }
    expect(nonces.size).toBe(3)
  })

  it('allows no program, frame or address but its own', async () => {
    const { headers } = await app.inject('/console')
    const policy = String(headers['content-security-policy'])
    for (const part of ["default-src 'none'", "script-src 'self'", "connect-src 'self'", "frame-ancestors 'none'"]) {
      expect(policy.split('; ')).toContain(part)
    }
    expect(policy).not.toMatch(/unsafe|\*|http/)
  })

  it('keeps its files for ever in the browser, and sends them compressed to those who can read that', async () => {
    const plain = await app.inject('/console/assets/index-abc.js')
    expect(plain.body).toBe('plain')
    expect(plain.headers['cache-control']).toBe('public, max-age=31536000, immutable')
    expect(plain.headers['x-content-type-options']).toBe('nosniff')
    const accepting = { headers: { 'accept-encoding': 'gzip, br' } }
    const packed = await app.inject({ url: '/console/assets/index-abc.js', ...accepting })
    expect(packed.headers['content-encoding']).toBe('br')
    expect(packed.body).toBe('compressed')
  })

  it('has no file that is not its own', async () => {
    for (const path of ['none.js', '../index.html', '%2e%2e/index.html', '..%2f..%2fpackage.json', '']) {
      expect((await app.inject(`/console/assets/${path}`)).body).not.toMatch(/"name"|plain/)
    }
    expect((await app.inject('/console/assets/none.js')).statusCode).toBe(404)
  })

  it('says how to build it where it is not built', async () => {
    const bare = fastify()
    await registerConsole(bare, join(directory, 'none'))
    expect(await bare.inject('/console')).toMatchObject({
      statusCode: 503,
      body: expect.stringContaining('npm run build:console'),
    })
    await bare.close()
  })
})

describe('whoami', () => {
  const servers: TestServer[] = []
  const start = async (env: Record<string, string>) => {
    const server = await startTestServer(env)
    servers.push(server)
    return { server, rest: new RestClient(server) }
  }
  afterAll(() => Promise.all(servers.map((server) => server.stop())))

  it('says of a key what it may do, whatever it may', async () => {
    const { server, rest } = await start({
      STANCHION_AUTH: 'on',
      STANCHION_MASTER_KEY: randomBytes(32).toString('base64'),
    })
    expect(await rest.get('/v1/whoami')).toMatchObject({ status: 401 })
    const made = await server.app.accessKeys?.create({
      accountId: '111111111111',
      role: 'reader',
      queuePattern: 'orders-*',
    })
    const authorization = `Bearer ${made?.key.id}.${made?.secret}`
    const { status, body } = await rest.send('GET', '/v1/whoami', undefined, { authorization })
    expect({ status, body }).toEqual({
      status: 200,
      body: {
        accountId: '111111111111',
        accessKeyId: made?.key.id,
        role: 'reader',
        queuePattern: 'orders-*',
        permissions: ['describe', 'list'],
        authentication: 'on',
      },
    })
  })

  it('says that everybody may do everything where nobody needs a key', async () => {
    const { rest } = await start({})
    expect((await rest.get('/v1/whoami')).body).toEqual({
      accountId: '000000000000',
      accessKeyId: null,
      role: null,
      queuePattern: '*',
      permissions: expect.arrayContaining(['send', 'receive', 'describe', 'list', 'manage', 'manageKeys']),
      authentication: 'off',
    })
  })
})
