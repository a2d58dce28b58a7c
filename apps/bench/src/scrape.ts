import { type Contender, startContender } from './contender.ts'
import { HttpConnection } from './http-connection.ts'

export const SCRAPE = 'a scrape of 10,000 queues'

const QUEUES = 10_000
const CONNECTIONS = 16
const SCRAPES_A_ROUND = 5

/** One scrape of the metrics while somebody sends, one message after the other. */
export interface Scrape {
  readonly seconds: number
  readonly bytes: number
  readonly series: number
  /** The longest that a send took meanwhile. */
  readonly longestSendMs: number
}

/** Fills ten thousand queues with a message each, and scrapes the metrics again and again. */
export async function runScrape(databaseUrl: string, rounds: number, scale: number): Promise<readonly Scrape[]> {
  const contender = await startContender('stanchion', databaseUrl)
  try {
    const count = Math.ceil(QUEUES / scale)
    const urls = await createQueues(contender, count)
    // The kept depths follow the sends by some seconds.
    while ((await readMetrics(contender)).filled < count) await new Promise((resolve) => setTimeout(resolve, 500))
    const scrapes: Scrape[] = []
    for (let i = 0; i < rounds * SCRAPES_A_ROUND; i++) scrapes.push(await scrape(contender, urls[0] as string))
    return scrapes
  } finally {
    await contender.stop()
  }
}

async function createQueues(contender: Contender, count: number): Promise<string[]> {
  const urls: string[] = []
  let next = 0
  const create = async () => {
    const connection = await HttpConnection.open(contender)
    while (next < count) {
      const created = await connection.call('CreateQueue', JSON.stringify({ QueueName: `scrape-${next++}` }))
      const { QueueUrl } = JSON.parse(created) as { QueueUrl: string }
      urls.push(QueueUrl)
      await connection.call('SendMessage', JSON.stringify({ QueueUrl, MessageBody: 'x' }))
    }
    connection.close()
  }
  await Promise.all(Array.from({ length: CONNECTIONS }, create))
  return urls
}

async function readMetrics({ port }: Contender) {
  const startedMs = performance.now()
  const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text()
  const seconds = (performance.now() - startedMs) / 1000
  const filled = text.match(/^stanchion_queue_messages_visible\{[^}]*\} [1-9]/gm)?.length ?? 0
  return { seconds, filled, bytes: text.length, series: text.match(/^\w+[{ ]/gm)?.length ?? 0 }
}

async function scrape(contender: Contender, QueueUrl: string): Promise<Scrape> {
  const connection = await HttpConnection.open(contender)
  let isOver = false
  let longestSendMs = 0
  const sending = (async () => {
    while (!isOver) {
      const startedMs = performance.now()
      await connection.call('SendMessage', JSON.stringify({ QueueUrl, MessageBody: 'x' }))
      longestSendMs = Math.max(longestSendMs, performance.now() - startedMs)
    }
  })()
  const { seconds, bytes, series } = await readMetrics(contender)
  isOver = true
  await sending
  connection.close()
  return { seconds, bytes, series, longestSendMs }
}

/** The scrapes in one line. */
export function scrapeToMarkdown(scrapes: readonly Scrape[]): string {
  const seconds = scrapes.map((scrape) => scrape.seconds).sort((a, b) => a - b)
  const cells = [
    seconds[seconds.length >> 1]?.toFixed(2),
    seconds.at(-1)?.toFixed(2),
    scrapes[0]?.series,
    ((scrapes[0]?.bytes ?? 0) / 1_000_000).toFixed(1),
    Math.max(...scrapes.map(({ longestSendMs }) => longestSendMs)).toFixed(0),
  ]
  return `${[
    '| scrape, median s | longest s | series | MB | longest send meanwhile ms |',
    '| ---: | ---: | ---: | ---: | ---: |',
    `| ${cells.join(' | ')} |`,
  ].join('\n')}\n`
}
