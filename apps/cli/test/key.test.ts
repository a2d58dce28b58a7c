import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { type ServerProcess, startServerProcess } from '@stanchion/testing'
import { cli } from './helpers/cli.ts'

let server: ServerProcess
beforeAll(async () => {
  server = await startServerProcess({ STANCHION_MASTER_KEY: randomBytes(32).toString('base64') })
})
afterAll(() => server?.stop())

const run = (...args: string[]) => cli(args, { url: server.url })

describe('key', () => {
  test('create shows the secret once, list does not', async () => {
    const { code, out, err } = await run(
      ...['key', 'create', '--role', 'producer', '--queues', 'orders-*', '--description', 'the shop'],
    )
    expect(code).toBe(0)
    expect(err).toContain('this once')
    const [, id, secret] = /^Bearer token +(\w+)\.(\S+)$/m.exec(out) ?? []
    const listed = await run('key', 'list')
    expect(listed.out).toMatch(new RegExp(`^${id} +works +producer +orders-\\* +the shop`, 'm'))
    expect(listed.out).not.toContain(secret)
  })

  test('rotate makes a successor, disable refuses the key after a confirmation', async () => {
    const { id } = JSON.parse((await run('key', 'create', '--role', 'reader', '-o', 'json')).out)
    const successor = JSON.parse((await run('key', 'rotate', id, '--overlap-seconds', '60', '-o', 'json')).out)
    expect(successor).toMatchObject({ role: 'reader', secret: expect.any(String) })
    expect(await run('key', 'disable', successor.id)).toMatchObject({ code: 2 })
    expect(await run('key', 'disable', successor.id, '--dry-run')).toMatchObject({ code: 0 })
    expect((await run('key', 'list')).out).toMatch(new RegExp(`^${successor.id} +works`, 'm'))
    expect(await run('key', 'disable', successor.id, '--yes')).toMatchObject({ code: 0 })
    expect((await run('key', 'list')).out).toMatch(new RegExp(`^${successor.id} +disabled`, 'm'))
  })

  test('a key that is not there, and a role that is none, are refused with a way on', async () => {
    expect(await run('key', 'disable', 'SKNOSUCHKEY', '--yes')).toMatchObject({
      code: 1,
      err: expect.stringContaining('stanchion key list'),
    })
    expect(await run('key', 'create', '--role', 'boss')).toMatchObject({ code: 2 })
    expect(await run('key', 'create')).toMatchObject({ code: 2, err: expect.stringContaining('--role') })
  })
})
