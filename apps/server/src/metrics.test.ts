import { readFileSync } from 'node:fs'
import { describe, expect, it } from '@jest/globals'
import { createMetrics, METRICS } from './metrics.ts'

const PAGE = readFileSync(new URL('../../../docs/reference/metrics.md', import.meta.url), 'utf8')

describe('docs/reference/metrics.md', () => {
  it('says of every metric what the code says, and names no other', () => {
    const rows = [...PAGE.matchAll(/^\| `(stanchion_\w+)` \| \w+ \| [^|]* \| (.+) \|$/gm)]
    expect(rows.map(([, name, sentence]) => [name, sentence])).toEqual(Object.entries(METRICS))
  })

  it('names the type of every metric that needs no engine', () => {
    for (const metric of createMetrics().registry.getMetricsAsArray()) {
      if (!metric.name.startsWith('stanchion_')) continue
      expect(PAGE).toContain(`| \`${metric.name}\` | ${String((metric as unknown as { type: string }).type)} |`)
    }
  })
})

describe('createMetrics', () => {
  it('adds up by queue what the engine tells', async () => {
    const { observer, registry } = createMetrics()
    const orders = { accountId: '000000000000', name: 'orders' }
    observer.messagesSent?.(orders, 3)
    observer.messagesSent?.(orders, 4)
    observer.messagesReceived?.(orders, 2)
    observer.messagesMoved?.(orders, 5)
    observer.emptyReceive?.({ ...orders, name: 'mail' })
    // A queue of the same name in another account is another series.
    observer.messagesSent?.({ ...orders, accountId: '111111111111' }, 1)
    const text = await registry.metrics()
    expect(text).toContain('stanchion_messages_sent_total{account="000000000000",queue="orders"} 7')
    expect(text).toContain('stanchion_messages_received_total{account="000000000000",queue="orders"} 2')
    expect(text).toContain('stanchion_messages_moved_total{account="000000000000",queue="orders"} 5')
    expect(text).toContain('stanchion_empty_receives_total{account="000000000000",queue="mail"} 1')
    expect(text).toContain('stanchion_messages_sent_total{account="111111111111",queue="orders"} 1')
    // Collected twice is not counted twice.
    expect(await registry.metrics()).toContain('stanchion_messages_sent_total{account="000000000000",queue="orders"} 7')
  })
})
