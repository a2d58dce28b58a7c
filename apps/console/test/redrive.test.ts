import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { type ConsoleSite, HAS_BROWSER, startConsoleSite } from './helpers/console-site.ts'

const inBrowser = HAS_BROWSER ? describe : describe.skip

inBrowser('redriving', () => {
  let site: ConsoleSite
  beforeAll(async () => {
    site = await startConsoleSite()
  })
  afterAll(() => site.stop())

  /** A dead-letter queue with as many dead letters. */
  async function newDeadLetters(name: string, count: number) {
    await site.api.createQueue({ name: `${name}-dead` })
    await site.api.createQueue({ name, deadLetter: { queueName: `${name}-dead`, receiveCountMax: 1 } })
    const source = site.api.queue(name)
    await source.sendBatch(Array.from({ length: count }, (_, index) => ({ body: `dead ${index}` })))
    for (let received = 0; received < count; ) {
      received += (await source.receive({ maxMessages: 1_000, visibilityTimeoutSeconds: 0 })).length
    }
    // The receive after the last delivery moves them.
    await source.receive({ maxMessages: 1_000, waitSeconds: 0 })
    return { source, dead: site.api.queue(`${name}-dead`) }
  }

  it('brings dead letters back where they came from and remembers that it did', async () => {
    const { source, dead } = await newDeadLetters('orders', 20)
    const { page, complaints, close } = await site.visit('/queues/orders-dead/redrive')
    await page.getByRole('link', { name: 'orders', exact: true }).waitFor()
    await page.getByRole('button', { name: 'Redrive 20' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByText('back to where they came from').waitFor()
    await dialog.getByRole('button', { name: 'Redrive', exact: true }).click()
    const row = page.getByRole('row', { name: /completed/ })
    await row.getByText('20 of 20').waitFor()
    expect((await source.counts()).visible).toBe(20)
    expect((await dead.counts()).visible).toBe(0)
    await page.getByText('there is nothing to move').waitFor()
    expect(complaints).toEqual([])
    await close()
  })

  it('shows progress at the rate that one chose, and is cancelled', async () => {
    const { dead } = await newDeadLetters('slow', 200)
    await site.api.createQueue({ name: 'slow-again' })
    const { page, complaints, close } = await site.visit('/queues/slow-dead/redrive')
    await page.getByLabel('All to one queue').click()
    await page.getByRole('button', { name: 'Redrive 200' }).click()
    await page.getByText('Choose where the messages go.').waitFor()
    await page.getByRole('combobox', { name: 'Queue' }).fill('slow-a')
    await page.getByRole('option', { name: 'slow-again' }).click()
    await page.getByLabel('Messages a second at most').fill('5')
    await page.getByRole('button', { name: 'Redrive 200' }).click()
    await page.getByText('{"destination":"slow-again","messagesPerSecondMax":5}').waitFor()
    await page.getByRole('dialog').getByRole('button', { name: 'Redrive', exact: true }).click()
    const running = page.getByRole('region', { name: 'The running redrive' })
    await running.getByRole('progressbar').waitFor()
    await running.getByText(/[1-9]\d* of 200 moved/).waitFor()
    await running.getByText('5 at most').waitFor()
    await running.getByRole('button', { name: 'Cancel' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Cancel the redrive' }).click()
    await page.getByRole('row', { name: /cancelled/ }).waitFor()
    expect((await dead.counts()).visible).toBeGreaterThan(0)
    expect(complaints).toEqual([])
    await close()
  })

  it('says why it failed and what to do', async () => {
    const { dead } = await newDeadLetters('unknown', 1)
    await dead.purge()
    await dead.send({ body: 'sent here directly' })
    const { page, complaints, close } = await site.visit('/queues/unknown-dead/redrive')
    await page.getByRole('button', { name: 'Redrive 1' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Redrive', exact: true }).click()
    await page
      .getByRole('row', { name: /failed/ })
      .getByText('Choose one queue for all.')
      .waitFor()
    expect(complaints).toEqual([])
    await close()
  })
})
