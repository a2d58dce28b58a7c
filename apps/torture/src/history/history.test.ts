import { appendFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from '@jest/globals'
import type { Operation } from './event.ts'
import { HistoryWriter } from './history-writer.ts'
import { indexHistory } from './index-history.ts'
import { readHistory } from './read-history.ts'

const CALLER = { client: 'c1', server: 's1', protocol: 'json' } as const
const SEND: Operation = { kind: 'send', queue: 'q', messages: [{ value: 'a', md5: 'm' }] }

let directory: string
let file: string

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'stanchion-history-'))
  file = join(directory, 'history.jsonl')
})
afterEach(() => rmSync(directory, { recursive: true }))

it('a history is read as it was written', async () => {
  const writer = new HistoryWriter(file)
  writer.queue({ queue: 'q', kind: 'standard' })
  await writer.record(CALLER, SEND, async () => ({
    outcome: 'ok',
    result: { kind: 'send', entries: [{ outcome: 'ok', messageId: 'id' }] },
  }))
  await writer.record(CALLER, { ...SEND, messages: [{ value: 'b', md5: 'm' }] }, async () => ({
    outcome: 'fail',
    code: 'queueNotFound',
  }))
  for (const step of ['injecting', 'injected', 'healing', 'healed'] as const) {
    writer.fault({ id: 1, fault: 'kill', step, stops: 'database' })
  }
  writer.end(true)
  writer.close()
  const history = indexHistory(readHistory(file))
  expect(history.sends).toMatchObject([
    { value: 'a', outcome: 'ok', messageId: 'id', invokedAt: 1, completedAt: 2 },
    { value: 'b', outcome: 'fail', code: 'queueNotFound', invokedAt: 3, completedAt: 4 },
  ])
  expect(history.faults).toMatchObject([{ fault: 'kill', beganAt: 5, injectedAt: 6, healingAt: 7, endedAt: 8 }])
  expect(history.phases).toMatchObject([{ phase: 'end', isClean: true }])
  expect(writer.ended).toBe(2)
  expect({ operations: writer.operations, faults: writer.faults }).toEqual({
    ...{ operations: { acknowledged: 1, refused: 1, unknown: 0 }, faults: 1 },
  })
})

it('what finds no server is in the history, and moves no plan on', async () => {
  const writer = new HistoryWriter(file)
  await writer.record(CALLER, SEND, async () => ({ outcome: 'fail', code: 'ECONNREFUSED' }))
  writer.close()
  expect(writer.ended).toBe(0)
  expect(indexHistory(readHistory(file)).sends).toMatchObject([{ value: 'a', outcome: 'fail' }])
})

it('a request without an outcome is one whose outcome is unknown, and a cut line is passed over', () => {
  const writer = new HistoryWriter(file)
  writer.record(CALLER, SEND, () => new Promise(() => {}))
  writer.close()
  appendFileSync(file, '{"atMs":7,"type":"ok","id":1,"resu')
  expect(indexHistory(readHistory(file)).sends).toMatchObject([
    { value: 'a', outcome: 'unknown', completedAt: Number.POSITIVE_INFINITY },
  ])
})

it('entries of a batch have outcomes of their own', async () => {
  const writer = new HistoryWriter(file)
  const messages = ['a', 'b', 'c'].map((value) => ({ value, md5: 'm' }))
  await writer.record(CALLER, { ...SEND, messages }, async () => ({
    outcome: 'ok',
    result: {
      kind: 'send',
      entries: [
        { outcome: 'ok', messageId: 'id' },
        { outcome: 'fail', code: 'messageTooLarge' },
      ],
    },
  }))
  writer.close()
  const { sends } = indexHistory(readHistory(file))
  expect(sends.map(({ outcome }) => outcome)).toEqual(['ok', 'fail', 'unknown'])
})
