import type { Contender } from '../contenders/contender.ts'
import { type Figures, type Kind, newQueueName } from './kind.ts'

/** Queues with a message in each. */
export interface Scrapes {
  readonly queues: number
}

const CONNECTIONS = 16
const SCRAPES_A_ROUND = 5
const LOOK_EVERY_MS = 500

/** A scrape of the metrics of many queues, while somebody sends one message after the other. */
export const SCRAPE: Kind<Scrapes> = {
  columns: [
    { key: 'medianSeconds', title: 'scrape, median s', digits: 2 },
    { key: 'longestSeconds', title: 'longest s', digits: 2 },
    { key: 'series', title: 'series', digits: 0 },
    { key: 'megabytes', title: 'MB', digits: 1 },
    { key: 'longestSendMs', title: 'longest send meanwhile ms', digits: 0 },
  ],
  compared: 'medianSeconds',
  isLessBetter: true,
  async enter(contender, load, { scale }) {
    const count = Math.ceil(load.queues / scale)
    const urls = await createFilled(contender, count)
    // The kept depths follow the sends by some seconds.
    while ((await readMetrics(contender)).filled < count) {
      await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS))
    }
    return async () => {
      const scrapes: Figures[] = []
      for (let i = 0; i < SCRAPES_A_ROUND; i++) scrapes.push(await scrape(contender, urls[0] as string))
      const seconds = scrapes.map((figures) => figures.seconds ?? 0).sort((a, b) => a - b)
      return {
        ...scrapes[0],
        medianSeconds: seconds[seconds.length >> 1] ?? 0,
        longestSeconds: seconds.at(-1) ?? 0,
        longestSendMs: Math.max(...scrapes.map((figures) => figures.longestSendMs ?? 0)),
      }
    }
  },
}

async function createFilled(contender: Contender, count: number): Promise<string[]> {
  const urls: string[] = []
  let left = count
  const create = async () => {
    const client = await contender.connect()
    while (left-- > 0) {
      const queue = await contender.createQueue(newQueueName(), false)
      await client.send(queue, [{ body: 'x' }])
      urls.push(queue)
    }
    await client.close()
  }
  await Promise.all(Array.from({ length: CONNECTIONS }, create))
  return urls
}

async function readMetrics({ metricsUrl }: Contender) {
  const startedMs = performance.now()
  const text = await (await fetch(metricsUrl as string)).text()
  const seconds = (performance.now() - startedMs) / 1000
  const filled = text.match(/^stanchion_queue_messages_visible\{[^}]*\} [1-9]/gm)?.length ?? 0
  return { seconds, filled, megabytes: text.length / 1e6, series: text.match(/^\w+[{ ]/gm)?.length ?? 0 }
}

async function scrape(contender: Contender, queue: string): Promise<Figures> {
  const client = await contender.connect()
  let isOver = false
  let longestSendMs = 0
  const sending = (async () => {
    while (!isOver) {
      const startedMs = performance.now()
      await client.send(queue, [{ body: 'x' }])
      longestSendMs = Math.max(longestSendMs, performance.now() - startedMs)
    }
  })()
  const { seconds, megabytes, series } = await readMetrics(contender)
  isOver = true
  await sending
  await client.close()
  return { seconds, megabytes, series, longestSendMs }
}
