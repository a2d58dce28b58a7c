import { writeFile } from 'node:fs/promises'
import { setTimeout } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { createClient } from '@stanchion/client'
import { drawSale, type Sample } from './draw-sale.ts'
import { WorkerPool } from './worker-pool.ts'

/** A flash sale: all orders come at once, and a pool of workers follows what the queue asks for: `node flash-sale.ts`. */

const { values } = parseArgs({
  options: {
    orders: { type: 'string', default: '100000' },
    /** What one worker completes in a second. */
    pace: { type: 'string', default: '200' },
    svg: { type: 'string', default: 'flash-sale.svg' },
  },
})
const orders = positive('--orders', values.orders)
const pace = positive('--pace', values.pace)

/** How often the pool asks how large it should be. */
const ASK_MS = 500
/** What is normal, before the sale and after it. */
const CALM_SECONDS = 4
const BATCH_SIZE = 1_000

const client = createClient({ baseUrl: process.env.STANCHION_URL ?? 'http://127.0.0.1:9324' })
const name = process.env.QUEUE_NAME ?? 'flash-sale'
// Without a scaling policy of its own: the default one holds.
await client.createQueue({ name })
const queue = client.queue(name)
const pool = new WorkerPool(queue, pace)
const samples: Sample[] = []
const startedMs = performance.now()
const secondsSoFar = () => (performance.now() - startedMs) / 1_000

/** Asks the queue and makes the pool that large. */
async function follow(): Promise<Sample> {
  const { outstandingMessages: outstanding, desiredConsumers, reason } = await queue.scaling()
  const before = pool.size
  pool.resize(desiredConsumers)
  const sample = { seconds: secondsSoFar(), outstanding, workers: pool.size }
  samples.push(sample)
  if (pool.size !== before) console.log(`${clock(sample.seconds)}  ${before} → ${pool.size} workers: ${reason}`)
  return sample
}

async function sell(): Promise<void> {
  await setTimeout(CALM_SECONDS * 1_000)
  console.log(`${clock(secondsSoFar())}  the sale begins`)
  for (let sent = 0; sent < orders; sent += BATCH_SIZE) {
    const messages = Array.from({ length: Math.min(BATCH_SIZE, orders - sent) }, (_, i) => ({
      body: JSON.stringify({ order: sent + i + 1 }),
    }))
    const results = await queue.sendBatch(messages)
    const failed = results.find(({ error }) => error !== undefined)
    if (failed !== undefined) throw new Error(`an order was refused: ${failed.error?.detail}`)
  }
  console.log(`${clock(secondsSoFar())}  ${orders.toLocaleString('en-US')} orders are in`)
}

let isSold = false
const selling = sell().then(() => {
  isSold = true
})
// Told of below, when the sale is waited for.
selling.catch(() => undefined)

try {
  for (let calmSince = Number.POSITIVE_INFINITY; secondsSoFar() - calmSince < CALM_SECONDS; ) {
    const { outstanding, seconds } = await follow()
    if (!isSold || outstanding > 0) calmSince = Number.POSITIVE_INFINITY
    else calmSince = Math.min(calmSince, seconds)
    await Promise.race([setTimeout(ASK_MS), selling.then(() => setTimeout(ASK_MS))])
  }
  await selling
} finally {
  await pool.stop()
}
await writeFile(values.svg, drawSale(samples, `A flash sale of ${orders.toLocaleString('en-US')} orders`))
console.log(`${clock(secondsSoFar())}  all orders are shipped; ${values.svg} shows how`)
await client.deleteQueue(name)

function clock(seconds: number): string {
  return `${seconds.toFixed(1).padStart(6)} s`
}

function positive(option: string, text: string): number {
  const value = Number(text)
  if (Number.isInteger(value) && value >= 1) return value
  throw new RangeError(`${option} is a whole number from 1 on, not ${text}.`)
}
