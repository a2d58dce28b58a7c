import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { type ServerProcess, startServerProcess } from '@stanchion/testing'
import { cli } from './helpers/cli.ts'

let server: ServerProcess
beforeAll(async () => {
  server = await startServerProcess()
})
afterAll(() => server?.stop())

const run = (...args: string[]) => cli(args, { url: server.url })
const queueOf = (name: string) => server.get(`/v1/queues/${name}`)

describe('queue', () => {
  test('create gives the settings that were named, and shows the queue', async () => {
    await run('queue', 'create', 'dead')
    const { code, out } = await run(
      ...'queue create orders --visibility-timeout-seconds 45 --retention-seconds 3600 --tag team=billing'.split(' '),
      ...'--tag stage=live --dead-letter-queue dead --receive-count-max 3 --dead-letter-sources a,b'.split(' '),
    )
    expect(code).toBe(0)
    expect(out).toMatch(/^Name +orders$/m)
    expect(out).toMatch(/^Retention seconds +3600 \(1h\)$/m)
    expect(await queueOf('orders')).toMatchObject({
      settings: { visibilityTimeoutSeconds: 45, retentionSeconds: 3600 },
      tags: { team: 'billing', stage: 'live' },
      deadLetter: { queueName: 'dead', receiveCountMax: 3 },
      deadLetterSources: ['a', 'b'],
    })
  })

  test('a name that ends in .fifo makes a FIFO queue with its settings', async () => {
    await run(
      ...'queue create pay.fifo --content-based-deduplication true --deduplication-scope messageGroup'.split(' '),
    )
    expect(await queueOf('pay.fifo')).toMatchObject({
      kind: 'fifo',
      fifo: { contentBasedDeduplication: true, deduplicationScope: 'messageGroup' },
    })
  })

  test('update changes what is named and keeps the rest; --no-dead-letters takes the dead-letter queue away', async () => {
    await run('queue', 'create', 'dead')
    await run(...'queue create change-me --delay-seconds 5 --dead-letter-queue dead --receive-count-max 3'.split(' '))
    expect(
      await run(...'queue update change-me --no-dead-letters --visibility-timeout-seconds 7'.split(' ')),
    ).toMatchObject({ code: 0 })
    const queue = await queueOf('change-me')
    expect(queue).toMatchObject({ settings: { delaySeconds: 5, visibilityTimeoutSeconds: 7 } })
    expect(queue).not.toHaveProperty('deadLetter')
  })

  test('get shows settings and counts; as JSON it is one object', async () => {
    await run('queue', 'create', 'counted')
    await run('message', 'send', 'counted', 'x')
    expect((await run('queue', 'get', 'counted')).out).toMatch(/^Ready +1$/m)
    const { out } = await run('-o', 'json', 'queue', 'get', 'counted')
    expect(JSON.parse(out)).toMatchObject({ name: 'counted', counts: { visible: 1, inFlight: 0, delayed: 0 } })
  })

  test('list takes all pages, as a table, as JSON and as NDJSON', async () => {
    for (const name of ['list-b', 'list-a']) await run('queue', 'create', name)
    const names = (rows: { name: string }[]) => rows.map(({ name }) => name)
    const { out } = await run('queue', 'list', '--prefix', 'list-', '-o', 'json')
    expect(names(JSON.parse(out))).toEqual(['list-a', 'list-b'])
    const lines = (await run('queue', 'list', '--prefix', 'list-', '-o', 'ndjson')).out.trimEnd().split('\n')
    expect(names(lines.map((line) => JSON.parse(line)))).toEqual(['list-a', 'list-b'])
    const table = (await run('queue', 'list', '--prefix', 'list-')).out.split('\n')
    expect(table[0]).toMatch(/^NAME +KIND/)
    expect(table[1]).toMatch(/^list-a +standard/)
    expect((await run('queue', 'list', '--prefix', 'no-such')).out).toBe('There are no queues.\n')
  })

  describe.each(['purge', 'delete'])('%s', (act) => {
    async function filled(): Promise<string> {
      const name = `${act}-${crypto.randomUUID()}`
      await run('queue', 'create', name)
      await run('message', 'send', name, 'x')
      return name
    }

    test('with --dry-run says what would be lost and does nothing', async () => {
      const name = await filled()
      const { code, out } = await run('queue', act, name, '--dry-run')
      expect({ code, out }).toEqual({
        code: 0,
        out: expect.stringMatching(/^Would .*1 message .*Nothing was done\.\n$/),
      })
      expect(await server.get(`/v1/queues/${name}/counts`)).toMatchObject({ visible: 1 })
    })

    test('without anybody to ask is refused and does nothing', async () => {
      const name = await filled()
      const { code, err } = await run('queue', act, name)
      expect(code).toBe(2)
      expect(err).toContain('--yes')
      expect(await server.get(`/v1/queues/${name}/counts`)).toMatchObject({ visible: 1 })
    })

    test('at a terminal wants the name of the queue, and nothing else', async () => {
      const name = await filled()
      expect(await cli(['queue', act, name], { url: server.url, typed: 'yes\n' })).toMatchObject({ code: 1 })
      expect(await server.get(`/v1/queues/${name}/counts`)).toMatchObject({ visible: 1 })
      expect(await cli(['queue', act, name], { url: server.url, typed: `${name}\n` })).toMatchObject({ code: 0 })
      const after = await server.get(`/v1/queues/${name}/counts`)
      expect(after).toMatchObject(act === 'purge' ? { visible: 0 } : { code: 'queueNotFound' })
    })

    test('with --yes does it without asking', async () => {
      const name = await filled()
      expect(await run('queue', act, name, '--yes')).toMatchObject({ code: 0 })
      const after = await server.get(`/v1/queues/${name}/counts`)
      expect(after).toMatchObject(act === 'purge' ? { visible: 0 } : { code: 'queueNotFound' })
    })
  })

  test.each([
    ['no setting to change', ['queue', 'update', 'orders'], /at least one setting/],
    ['half of the dead-letter settings', ['queue', 'create', 'h', '--dead-letter-queue', 'd'], /belong together/],
    [
      'both ways at once',
      'queue update o --no-dead-letters --dead-letter-queue d --receive-count-max 2'.split(' '),
      /exclude/,
    ],
    ['a number that is none', ['queue', 'create', 'n', '--delay-seconds', '5s'], /whole number/],
    ['a tag without a value', ['queue', 'create', 't', '--tag', 'team'], /key=value/],
    ['a choice that is none', ['queue', 'create', 't.fifo', '--deduplication-scope', 'all'], /queue, messageGroup/],
    ['a word too many', ['queue', 'get', 'a', 'b'], /too many arguments/],
    ['no name', ['queue', 'get'], /missing required argument/],
  ])('%s is a usage error', async (_, args, pattern) => {
    const { code, err, out } = await run(...args)
    expect({ code, out }).toEqual({ code: 2, out: '' })
    expect(err).toMatch(pattern)
  })

  test('a value that the server refuses is named by its member', async () => {
    const { code, err } = await run('queue', 'create', 'r', '--visibility-timeout-seconds', '-1')
    expect(code).toBe(1)
    expect(err).toMatch(/^Error: .*\(visibilityTimeoutSeconds\)/)
  })
})
