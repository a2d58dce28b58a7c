import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { type ServerProcess, startServerProcess } from '@stanchion/testing'
import { cli, objects } from './helpers/cli.ts'

let server: ServerProcess
let queue: string
beforeAll(async () => {
  server = await startServerProcess()
})
afterAll(() => server?.stop())

const run = (...args: string[]) => cli(args, { url: server.url })
const runWith = (input: string | Uint8Array, ...args: string[]) => cli(args, { url: server.url, input })
const counts = () => server.get(`/v1/queues/${queue}/counts`)

beforeEach(async () => {
  queue = `q-${crypto.randomUUID()}`
  await run('queue', 'create', queue)
})

/** Receives everything that is ready. */
async function receiveAll() {
  return objects((await run('message', 'receive', queue, '--all')).out)
}

describe('message send', () => {
  test('a body, with attributes, delay and group, arrives as it was given', async () => {
    const { code, out } = await run(
      ...['message', 'send', queue, '{"a": 1}\n', '--attribute', 'plain=a=b', '--attribute', 'n.x:number.int=5'],
      ...['--attribute', 'bytes:binary=AAE=', '--group-id', 'tenant', '--trace-header', 'Root=1'],
    )
    expect(code).toBe(0)
    expect(out).toMatch(/^Message id +[0-9a-f-]{36}$/m)
    expect(await receiveAll()).toMatchObject([
      {
        body: '{"a": 1}\n',
        groupId: 'tenant',
        traceHeader: 'Root=1',
        attributes: {
          plain: { type: 'string', value: 'a=b' },
          'n.x': { type: 'number', label: 'int', value: '5' },
          bytes: { type: 'binary', value: 'AAE=' },
        },
      },
    ])
    await run('message', 'send', queue, 'later', '--delay-seconds', '60')
    expect(await counts()).toMatchObject({ delayed: 1 })
  })

  test('- and --file take the body byte for byte', async () => {
    const body = 'first\r\nsecond \u{1f600}\n'
    const directory = await mkdtemp(join(tmpdir(), 'stanchion-cli-'))
    try {
      await writeFile(join(directory, 'body'), body)
      await run('message', 'send', queue, '--file', join(directory, 'body'))
    } finally {
      await rm(directory, { recursive: true })
    }
    await runWith(body, 'message', 'send', queue, '-')
    expect((await receiveAll()).map((message) => message.body)).toEqual([body, body])
  })

  test('--lines sends each line, in more than one batch, and says how many', async () => {
    const lines = Array.from({ length: 2_500 }, (_, index) => `line ${index}`)
    const { out } = await runWith(lines.join('\n'), 'message', 'send', queue, '--lines')
    expect(out).toBe('2,500 messages sent.\n')
    expect(await counts()).toMatchObject({ visible: 2_500 })
  })

  test('--ndjson sends messages whole, and what "receive" wrote can be sent again', async () => {
    const message = { body: 'b', groupId: 'g', attributes: { a: { type: 'string', value: 'v' } } }
    await runWith(`${JSON.stringify(message)}\n\n`, 'message', 'send', queue, '--ndjson')
    const received = await run('message', 'receive', queue, '--all', '--delete')
    const sent = objects((await runWith(received.out, 'message', 'send', queue, '--ndjson', '-o', 'ndjson')).out)
    expect(sent).toEqual([{ line: 1, messageId: expect.any(String) }])
    expect(await receiveAll()).toMatchObject([message])
  })

  test('a line that the server refuses is named, the others are sent, and the exit code is 1', async () => {
    const input = ['{"body":"good"}', '{"body":""}', '{"body":"good too"}'].join('\n')
    const { code, err } = await runWith(input, 'message', 'send', queue, '--ndjson')
    expect(code).toBe(1)
    expect(err).toMatch(/^line 2: messageEmpty: /)
    expect(err).toMatch(/2 messages sent\. 1 message failed\.\n$/)
    expect(await counts()).toMatchObject({ visible: 2 })
  })

  test.each([
    ['no body at all', ['message', 'send', 'q'], '', /Say where the messages come from/],
    ['two sources', ['message', 'send', 'q', 'x', '--lines'], '', /one of them/],
    [
      'one deduplication id for many lines',
      ['message', 'send', 'q', '--lines', '--deduplication-id', 'd'],
      '',
      /first line/,
    ],
    ['a line that is no object', ['message', 'send', 'q', '--ndjson'], '[1]\n', /Line 1 .* no JSON object/],
    ['a line without a body', ['message', 'send', 'q', '--ndjson'], '\n{"groupId":"g"}\n', /Line 2 .* no body/],
    ['a member that no message has', ['message', 'send', 'q', '--ndjson'], '{"body":"b","delay":1}', /delay/],
    ['a body that was cut', ['message', 'send', 'q', '--ndjson'], '{"body":"b","isBodyCut":true}', /cut/],
    ['a type that is none', ['message', 'send', 'q', 'x', '--attribute', 'a:date=1'], '', /string, number, binary/],
    ['bytes that are no text', ['message', 'send', 'q', '-'], Uint8Array.of(0xff), /UTF-8/],
    ['a file that is not there', ['message', 'send', 'q', '--file', '/no/such/file'], '', /cannot be read/],
  ])('%s is a usage error', async (_, args, input, pattern) => {
    const { code, err } = await runWith(input, ...args)
    expect(code).toBe(2)
    expect(err).toMatch(pattern)
  })
})

describe('message receive', () => {
  test('shows one message whole, several as a list, and none as a sentence', async () => {
    await runWith('one\ntwo\u009b31m\nthree', 'message', 'send', queue, '--lines')
    expect((await run('message', 'receive', queue)).out).toMatch(/^Body +one$/m)
    const { out } = await run('message', 'receive', queue, '--max', '5')
    expect(out.split('\n')[0]).toMatch(/^MESSAGE ID +DELIVERIES/)
    // A body cannot change the colours of the reader's terminal.
    expect(out).toContain('two\\u009b31m')
    expect((await run('message', 'receive', queue, '--wait-seconds', '0')).out).toBe('No message came.\n')
  })

  test('--delete deletes what was shown', async () => {
    await runWith('one\ntwo', 'message', 'send', queue, '--lines')
    expect(JSON.parse((await run('message', 'receive', queue, '--delete', '-o', 'json')).out)).toHaveLength(1)
    expect(await counts()).toMatchObject({ visible: 1, inFlight: 0 })
    expect((await run('message', 'receive', queue, '--all', '--delete')).err).toBe('1 message received.\n')
    expect(await counts()).toMatchObject({ visible: 0, inFlight: 0 })
  })

  test('--follow goes on until it is ended', async () => {
    const ended = new AbortController()
    const following = cli(['message', 'receive', queue, '--follow', '--wait-seconds', '20', '--delete'], {
      url: server.url,
      signal: ended.signal,
    })
    await run('message', 'send', queue, 'a')
    await run('message', 'send', queue, 'b')
    while (JSON.stringify(await counts()) !== '{"visible":0,"inFlight":0,"delayed":0,"oldestMessageAgeSeconds":null}');
    ended.abort(new Error('interrupted'))
    const { code, out } = await following
    expect(code).toBe(130)
    expect(objects(out).map(({ body }) => body)).toEqual(['a', 'b'])
  })
})

describe('message peek', () => {
  test('shows messages in a state, one whole by its id, and leaves them as they are', async () => {
    await runWith('one\ntwo\nthree', 'message', 'send', queue, '--lines')
    await run('message', 'receive', queue, '--max', '1')
    const { out } = await run('message', 'peek', queue)
    expect(out).toMatch(/^MESSAGE ID +STATE +DELIVERIES/)
    expect(out).toMatch(/two$/m)
    const [leased] = objects((await run('message', 'peek', queue, '--state', 'leased', '-o', 'ndjson')).out)
    expect(leased).toMatchObject({ body: 'one', state: 'leased', receiveCount: 1 })
    expect((await run('message', 'peek', queue, leased?.messageId as string)).out).toMatch(/^Body +one$/m)
    expect(objects((await run('message', 'peek', queue, '--max', '1', '-o', 'ndjson')).out)).toHaveLength(1)
    expect((await run('message', 'peek', queue, '--state', 'delayed')).out).toBe(`No message of ${queue} is delayed.\n`)
    expect(await counts()).toMatchObject({ visible: 2, inFlight: 1 })
  })

  test('a message that is not there is named with a way on', async () => {
    const { code, err } = await run('message', 'peek', queue, 'nope')
    expect(code).toBe(1)
    expect(err).toContain('stanchion message peek')
  })
})

describe('settling', () => {
  async function handle(): Promise<string> {
    await run('message', 'send', queue, 'x')
    return JSON.parse((await run('message', 'receive', queue, '-o', 'json')).out)[0].receiptHandle
  }

  test('extend, release and delete act on the lease', async () => {
    const first = await handle()
    expect(await run('message', 'extend', queue, first, '--visibility-timeout-seconds', '90')).toMatchObject({
      code: 0,
      out: '1 message extended.\n',
    })
    expect(await run('message', 'release', queue, first)).toMatchObject({ code: 0 })
    expect(await counts()).toMatchObject({ visible: 1, inFlight: 0 })
    const again = JSON.parse((await run('message', 'receive', queue, '-o', 'json')).out)[0].receiptHandle
    expect(await run('message', 'delete', queue, again)).toMatchObject({ code: 0, out: '1 message deleted.\n' })
    expect(await counts()).toMatchObject({ visible: 0, inFlight: 0 })
  })

  test('handles come from a pipe, bare or in messages', async () => {
    await runWith('one\ntwo', 'message', 'send', queue, '--lines')
    const [first, second] = objects((await run('message', 'receive', queue, '--max', '2', '-o', 'ndjson')).out)
    const input = `${first?.receiptHandle}\n${JSON.stringify(second)}\n`
    expect(await runWith(input, 'message', 'delete', queue, '-', '--dry-run')).toMatchObject({
      out: `Would delete 2 messages of ${queue}. Nothing was done.\n`,
    })
    expect(await counts()).toMatchObject({ inFlight: 2 })
    expect(await runWith(input, 'message', 'delete', queue, '-')).toMatchObject({ out: '2 messages deleted.\n' })
    expect(await counts()).toMatchObject({ inFlight: 0 })
  })

  test('a handle that does not hold is named, the others are done, and the exit code is 1', async () => {
    const good = await handle()
    const { code, err } = await run('message', 'delete', queue, 'nonsense', good)
    expect(code).toBe(1)
    expect(err).toMatch(/^receiptHandle nonsense: invalidReceiptHandle/)
    expect(err).toMatch(/1 message deleted\. 1 message failed\./)
    expect(await counts()).toMatchObject({ inFlight: 0 })
  })

  test('- beside other handles, and a line without a handle, are usage errors', async () => {
    expect(await run('message', 'release', queue, '-', 'x')).toMatchObject({ code: 2 })
    expect(await runWith('{"messageId":"x"}', 'message', 'release', queue, '-')).toMatchObject({ code: 2 })
  })
})
