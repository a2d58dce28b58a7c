import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals'
import { type ServerProcess, startProgram, startServerProcess } from '@stanchion/testing'
import { drawSale } from '../flash-sale/draw-sale.ts'

const PROGRAM = fileURLToPath(new URL('../flash-sale/flash-sale.ts', import.meta.url))

// The sale takes as long as it takes, and longer on a machine that is busy with other tests.
jest.setTimeout(90_000)

let server: ServerProcess
let directory: string

beforeAll(async () => {
  server = await startServerProcess()
  directory = await mkdtemp(join(tmpdir(), 'flash-sale-'))
})

afterAll(async () => {
  await server?.stop()
  await rm(directory, { recursive: true, force: true })
})

function start(queue: string, ...args: string[]) {
  return startProgram(process.execPath, [PROGRAM, ...args], { STANCHION_URL: server.url, QUEUE_NAME: queue })
}

describe('examples/flash-sale', () => {
  it('follows the queue from 2 workers to 5 and back, ships every order and draws how it went', async () => {
    const svg = join(directory, 'sale.svg')
    const sale = start('sale', '--orders', '2500', '--pace', '400', '--svg', svg)
    try {
      expect(await sale.exited).toBe(0)
    } finally {
      await sale.kill()
    }
    expect(sale.errors()).toBe('')
    const changes = [...sale.output().matchAll(/(\d+) → (\d+) workers: (.*)/g)].map(([, from, to]) => [from, to])
    expect(changes).toEqual([
      ['0', '2'],
      ['2', '5'],
      ['5', '2'],
    ])
    expect(sale.output()).toContain('2,500 orders are in')
    expect(sale.output()).toMatch(/all orders are shipped; \S+ shows how\n$/)
    expect(await readFile(svg, 'utf8')).toContain('A flash sale of 2,500 orders')
    // It leaves nothing behind.
    expect(await server.get('/v1/queues/sale')).toMatchObject({ code: 'queueNotFound' })
  })

  it.each(['0', '-1', 'many', '1.5'])('refuses %s orders', async (orders) => {
    const sale = start('refused', '--orders', orders)
    expect(await sale.exited).not.toBe(0)
    expect(sale.errors()).toContain('--orders')
  })
})

describe('the picture of a sale', () => {
  const samples = [
    { seconds: 0, outstanding: 0, workers: 2 },
    { seconds: 5, outstanding: 1_000, workers: 5 },
    { seconds: 10, outstanding: 400, workers: 2 },
  ]

  it('says what it shows to those who do not see it', () => {
    expect(drawSale(samples, 'A sale')).toMatch(
      /<title id="title">A sale<\/title>\n<desc id="summary">1,000 messages are/,
    )
  })

  it('has a point for every sample and a word at every change of the workers', () => {
    const svg = drawSale(samples, 'A sale')
    expect(/<polyline points="([^"]*)"/.exec(svg)?.[1]?.split(' ')).toHaveLength(3)
    expect([...svg.matchAll(/>(\d+ at [\d,]+)</g)].map(([, text]) => text)).toEqual(['5 at 1,000', '2 at 400'])
  })

  it('can be drawn when nothing happened', () => {
    const svg = drawSale([{ seconds: 0, outstanding: 0, workers: 0 }], 'No sale')
    expect(svg).not.toMatch(/NaN|Infinity|undefined/)
  })
})
