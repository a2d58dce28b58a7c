import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type { Queue } from '@stanchion/client'
import type { Page } from 'playwright-core'
import { type ConsoleSite, HAS_BROWSER, startConsoleSite, type Visit } from './helpers/console-site.ts'

const inBrowser = HAS_BROWSER ? describe : describe.skip

inBrowser('messages by hand', () => {
  let site: ConsoleSite
  beforeAll(async () => {
    site = await startConsoleSite()
  })
  afterAll(() => site.stop())

  async function newQueue(kind: 'standard' | 'fifo' = 'standard'): Promise<Queue> {
    const name = `q-${randomUUID().slice(0, 8)}${kind === 'fifo' ? '.fifo' : ''}`
    await site.api.createQueue({ name, kind })
    return site.api.queue(name)
  }

  /** Runs a test on a page, which must not have complained at its end. */
  async function on(path: string, act: (page: Page, visit: Visit) => Promise<void>): Promise<void> {
    const visit = await site.visit(path)
    await act(visit.page, visit)
    expect(visit.complaints).toEqual([])
    await visit.close()
  }

  it('are sent with typed attributes and a delay, after the JSON was mended, and again', async () => {
    const queue = await newQueue()
    await on(`/queues/${queue.name}/send`, async (page) => {
      const body = page.getByLabel('Body', { exact: true })
      await body.fill('{"orderId":12345678901234567890,}')
      await page.getByText('Line 1, column 33: The comma before this } is one too many.').waitFor()
      await page.getByRole('button', { name: 'Send', exact: true }).click()
      await page.getByText('Nothing was sent').waitFor()
      await body.fill('{"orderId":12345678901234567890}')
      await page.getByRole('button', { name: 'Format' }).click()
      expect(await body.inputValue()).toBe('{\n  "orderId": 12345678901234567890\n}')

      await page.getByRole('button', { name: 'Add an attribute' }).click()
      const attribute = page.getByRole('group', { name: 'Attribute 1' })
      await attribute.getByLabel('Name').fill('priority')
      await attribute.getByRole('combobox', { name: 'Type' }).click()
      await page.getByRole('option', { name: 'Number' }).click()
      await attribute.getByLabel('Value').fill('three')
      await page.getByText('This is no number.').waitFor()
      await attribute.getByLabel('Value').fill('3')
      await attribute.getByLabel('Label').fill('int')
      await page.getByLabel('Message group').fill('customer-4')
      await page.getByRole('button', { name: 'Send', exact: true }).click()
      await page.getByText('Sent', { exact: true }).waitFor()
      await page.getByRole('button', { name: 'Send again' }).click()
      await page.getByText('2 ready').waitFor()
    })
    const messages = await queue.receive({ maxMessages: 10 })
    expect(messages).toHaveLength(2)
    expect(messages[0]).toMatchObject({
      body: '{\n  "orderId": 12345678901234567890\n}',
      attributes: { priority: { type: 'number', label: 'int', value: '3' } },
      groupId: 'customer-4',
    })
  })

  it('are delayed when one says so, and the command says the same', async () => {
    const queue = await newQueue()
    await on(`/queues/${queue.name}/send`, async (page) => {
      await page.getByText('Text', { exact: true }).click()
      await page.getByLabel('Body', { exact: true }).fill("it's text")
      await page.getByLabel('Delay').fill('600')
      await page.getByText(`{"body":"it'\\''s text","delaySeconds":600}`).waitFor()
      await page.getByRole('button', { name: 'Send', exact: true }).click()
      await page.getByText('1 delayed').waitFor()
    })
  })

  it('of a FIFO queue need a group, and a duplicate says that it is one', async () => {
    const queue = await newQueue('fifo')
    await on(`/queues/${queue.name}/send`, async (page) => {
      await page.getByLabel('Body', { exact: true }).fill('{}')
      await page.getByRole('button', { name: 'Send', exact: true }).click()
      await page.getByText('needs to know the group').waitFor()
      await page.getByText('This queue does not take it from the body').waitFor()
      await page.getByLabel('Message group').fill('g')
      await page.getByLabel('Deduplication id').fill('d 1')
      await page.getByText('no spaces').waitFor()
      await page.getByLabel('Deduplication id').fill('d1')
      await page.getByRole('button', { name: 'Send', exact: true }).click()
      await page.getByText('Sent', { exact: true }).waitFor()
      await page.getByRole('button', { name: 'Send again' }).click()
      await page.getByText('It was sent before').waitFor()
    })
    expect((await queue.counts()).visible).toBe(1)
  })

  it('are received, extended, released and deleted', async () => {
    const queue = await newQueue()
    await queue.send({ body: '{"a":[1,{"b":null}]}', attributes: { bytes: { type: 'binary', value: 'AAEC/w==' } } })
    await on(`/queues/${queue.name}/receive`, async (page) => {
      await page.getByLabel('Lease').fill('30')
      await page.getByRole('button', { name: 'Receive', exact: true }).click()
      const message = page.getByRole('article')
      await message.getByText('leased for').waitFor()
      await message.getByText('00 01 02 ff').waitFor()
      await message
        .getByRole('button', { name: /^Fold 1 member/ })
        .first()
        .click()
      await message.getByRole('button', { name: /^Unfold 1 member/ }).waitFor()
      await message.getByText('As sent').click()
      await message.getByText('{"a":[1,{"b":null}]}').waitFor()

      await message.getByRole('button', { name: 'Extend' }).click()
      await message.getByText(/leased for (1 min|5\d s)/).waitFor()
      await message.getByRole('button', { name: 'Release' }).click()
      await message.waitFor({ state: 'detached' })
      await page.getByText('1 ready').waitFor()

      await page.getByRole('button', { name: 'Receive', exact: true }).click()
      await message.getByRole('button', { name: 'Delete …' }).click()
      const dialog = page.getByRole('dialog')
      await dialog.getByText('curl -sS -X DELETE').waitFor()
      await dialog.getByRole('button', { name: 'Delete', exact: true }).click()
      await message.waitFor({ state: 'detached' })
      await page.getByText('0 leased').waitFor()

      await page.getByRole('button', { name: 'Receive', exact: true }).click()
      await page.getByText('Nothing to receive').waitFor()
    })
    expect(await queue.counts()).toMatchObject({ visible: 0, inFlight: 0 })
  })

  it('say when somebody else has settled them', async () => {
    const queue = await newQueue('fifo')
    await queue.send({ body: 'x', groupId: 'g', deduplicationId: 'd' })
    await on(`/queues/${queue.name}/receive`, async (page, { forgive }) => {
      forgive(/409/)
      await page.getByRole('button', { name: 'Receive', exact: true }).click()
      await page.getByRole('article').waitFor()
      await queue.purge()
      await page.getByRole('button', { name: 'Extend' }).click()
      await page.getByRole('alert').filter({ hasText: 'The server refused this' }).waitFor()
    })
  })

  it('are purged only when the name was typed, by the call that the command makes', async () => {
    const queue = await newQueue()
    await queue.sendBatch([{ body: 'a' }, { body: 'b' }])
    await on(`/queues/${queue.name}/send`, async (page) => {
      await page.getByRole('button', { name: 'Actions' }).click()
      await page.getByRole('menuitem', { name: /Purge/ }).click()
      const dialog = page.getByRole('dialog')
      await dialog.getByText(`curl -sS -X POST '${site.server.url}/v1/queues/${queue.name}/purge'`).waitFor()
      const purge = dialog.getByRole('button', { name: 'Purge the queue' })
      expect(await purge.isDisabled()).toBe(true)
      await dialog.getByLabel(/to confirm/).fill(`${queue.name}x`)
      expect(await purge.isDisabled()).toBe(true)
      await page.keyboard.press('Escape')
      await dialog.waitFor({ state: 'detached' })
      expect((await queue.counts()).visible).toBe(2)

      await page.getByRole('button', { name: 'Actions' }).click()
      await page.getByRole('menuitem', { name: /Purge/ }).click()
      await dialog.getByLabel(/to confirm/).fill(queue.name)
      await page.keyboard.press('Enter')
      await page.getByText('0 ready').waitFor()
    })
    expect((await queue.counts()).visible).toBe(0)
  })
})

inBrowser('looking at messages', () => {
  let site: ConsoleSite
  beforeAll(async () => {
    site = await startConsoleSite()
    await site.api.createQueue({ name: 'orders' })
    const queue = site.api.queue('orders')
    await queue.send({ body: '{"leased":true}', groupId: 'customer-4' })
    await queue.receive({ visibilityTimeoutSeconds: 600 })
    await queue.sendBatch(Array.from({ length: 30 }, (_, index) => ({ body: `{"index":${index}}` })))
    await queue.send({ body: 'for later', delaySeconds: 600 })
  })
  afterAll(() => site.stop())

  it('shows them in every state, page by page and one by one, and touches none', async () => {
    const before = await site.api.queue('orders').counts()
    const { page, complaints, close } = await site.visit('/queues/orders/messages')
    const messages = page.getByRole('list', { name: 'Ready messages' }).getByRole('button')
    await messages.first().waitFor()
    expect(await messages.count()).toBe(25)
    await page.getByRole('button', { name: 'Show more' }).click()
    await messages.nth(29).waitFor()
    expect(await messages.count()).toBe(30)

    await page.getByText('Delayed 1', { exact: true }).click()
    await page.getByText('for later').waitFor()
    await page.getByText('Leased 1', { exact: true }).click()
    await page.getByRole('button', { name: /"leased":true/ }).click()
    const one = page.getByRole('dialog', { name: 'Message' })
    await one.getByText('customer-4').waitFor()
    await one.getByText('Lease ends').waitFor()
    await one.getByText('true', { exact: true }).waitFor()
    await page.reload()
    await one.getByText('customer-4').waitFor()

    await one.getByRole('link', { name: 'Send one like it' }).click()
    expect(await page.getByRole('textbox', { name: 'Body', exact: true }).inputValue()).toBe('{"leased":true}')
    expect(await page.getByLabel('Message group').inputValue()).toBe('customer-4')
    expect(complaints).toEqual([])
    await close()

    const after = await site.api.queue('orders').counts()
    expect({ ...after, oldestMessageAgeSeconds: 0 }).toEqual({ ...before, oldestMessageAgeSeconds: 0 })
  })

  it('says who may when the key may not', async () => {
    const { page, complaints, close } = await site.visit('/queues/orders/messages', {
      key: await site.newKey('reader'),
    })
    await page.getByText('Your key may not look at messages').waitFor()
    await page.getByText('of the roles admin, inspector').waitFor()
    expect(complaints).toEqual([])
    await close()
  })
})
