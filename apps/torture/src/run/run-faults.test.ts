import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate as turn } from 'node:timers/promises'
import { afterEach, beforeEach, expect, it } from '@jest/globals'
import type { Fault, Heal } from '../faults/fault.ts'
import { HistoryWriter } from '../history/history-writer.ts'
import { Random } from '../random.ts'
import type { System } from '../system/system.ts'
import { runFaults } from './run-faults.ts'

const CALLER = { client: 'c1', server: 's1', protocol: 'json' } as const
const SYSTEM = { servers: [{ name: 's1' }] } as unknown as System

let directory: string
let history: HistoryWriter
/** What was injected, after how many requests. */
let injected: string[]

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'stanchion-faults-'))
  history = new HistoryWriter(join(directory, 'history.jsonl'))
  injected = []
})
afterEach(() => {
  history.close()
  rmSync(directory, { recursive: true })
})

const fault = (name: string, hits: Fault['hits'], heal: Heal = async () => {}): Fault => ({
  ...{ name, about: name, hits },
  async inject() {
    injected.push(`${name} after ${history.ended}`)
    return heal
  },
})

async function endRequests(count: number): Promise<void> {
  for (let i = 0; i < count; i++) {
    await history.record(CALLER, { kind: 'purge', queue: 'q' }, async () => ({
      ...{ outcome: 'ok', result: { kind: 'purge' } },
    }))
    await turn()
  }
}

it('what heals late moves what hits the same after it, and nothing else', async () => {
  let heal = () => {}
  const slow = fault('slow', 'postgres', () => new Promise((resolve) => (heal = resolve)))
  const plan = [
    { fault: slow, fromRequests: 2, toRequests: 4, server: 0 },
    { fault: fault('next', 'postgres'), fromRequests: 6, toRequests: 8, server: 0 },
    { fault: fault('other', 'server'), fromRequests: 6, toRequests: 8, server: 0 },
  ]
  const done = runFaults(SYSTEM, history, plan, new Random(1), new AbortController().signal)
  await endRequests(10)
  expect(injected).toEqual(['slow after 2', 'other after 6'])
  heal()
  await turn()
  // It was whole after 10 and not after 4, so that 6 becomes 12.
  await endRequests(1)
  expect(injected).toHaveLength(2)
  await endRequests(4)
  await done
  expect(injected).toEqual(['slow after 2', 'other after 6', 'next after 12'])
})

it('nothing is injected any more once it is told to stop, and what was is healed', async () => {
  const stopping = new AbortController()
  let isHealed = false
  const first = fault('first', 'postgres', async () => {
    isHealed = true
  })
  const plan = [
    { fault: first, fromRequests: 1, toRequests: 9, server: 0 },
    { fault: fault('second', 'server'), fromRequests: 5, toRequests: 9, server: 0 },
  ]
  const done = runFaults(SYSTEM, history, plan, new Random(1), stopping.signal)
  await endRequests(2)
  stopping.abort()
  await done
  expect({ injected, isHealed }).toEqual({ injected: ['first after 1'], isHealed: true })
})
