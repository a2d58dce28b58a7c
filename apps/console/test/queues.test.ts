import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { axeFindings } from './helpers/axe.ts'
import { type ConsoleSite, HAS_BROWSER, PHONE, startConsoleSite } from './helpers/console-site.ts'

const inBrowser = HAS_BROWSER ? describe : describe.skip

inBrowser('the overview of queues', () => {
  let site: ConsoleSite
  beforeAll(async () => {
    site = await startConsoleSite()
    await site.api.createQueue({ name: 'orders-dead' })
    await site.api.createQueue({
      name: 'orders',
      tags: { team: 'shop' },
      deadLetter: { queueName: 'orders-dead', receiveCountMax: 3 },
    })
    await site.api.createQueue({ name: 'payments.fifo', kind: 'fifo', tags: { team: 'billing' } })
    await site.api.queue('orders').sendBatch([{ body: 'a' }, { body: 'b' }, { body: 'c', delaySeconds: 600 }])
    await site.api.queue('orders-dead').send({ body: 'dead' })
    await site.api.queue('orders').receive({ visibilityTimeoutSeconds: 600 })
  })
  afterAll(() => site.stop())

  it('shows every queue with its messages by state, and what adds up', async () => {
    const { page, complaints, close } = await site.visit()
    const row = page.getByRole('row', { name: /^orders/ }).first()
    await row.getByRole('img', { name: '1 ready, 1 leased, 1 delayed' }).waitFor({ timeout: 20_000 })
    const all = page.getByRole('region', { name: 'All queues together' })
    await all.getByRole('img', { name: '2 ready, 1 leased, 1 delayed' }).waitFor({ timeout: 20_000 })
    await page.getByText('A dead letter waits here.').waitFor()
    await row.getByRole('link', { name: 'orders-dead' }).click()
    await page.getByRole('heading', { name: 'orders-dead', level: 1 }).waitFor()
    await page.goBack()
    await page
      .getByRole('row', { name: /^orders-dead/ })
      .getByRole('link', { name: 'orders', exact: true })
      .click()
    await page.getByRole('heading', { name: 'orders', level: 1, exact: true }).waitFor()
    expect(complaints).toEqual([])
    await close()
  })

  it('filters and sorts, and keeps both in the address', async () => {
    const { page, complaints, close } = await site.visit()
    const names = () => page.locator('.queue-link').allTextContents()
    await page
      .getByRole('row', { name: /^orders/ })
      .first()
      .waitFor()
    expect(await names()).toEqual(['orders', 'orders-dead', 'payments.fifo'])
    await page.keyboard.press('/')
    await page.keyboard.type('TEAM=shop')
    await page.getByText('1 of 3 queues').waitFor()
    expect(await names()).toEqual(['orders'])
    await page.reload()
    await page.getByText('1 of 3 queues').waitFor()
    await page.getByRole('button', { name: 'Clear the filter' }).click()
    await page.getByText('3 queues', { exact: true }).waitFor()
    await page.getByText('FIFO', { exact: true }).first().click()
    await page.getByText('1 of 3 queues').waitFor()
    expect(await names()).toEqual(['payments.fifo'])
    await page.getByText('With messages').click()
    await page.getByText('No queue is like that').waitFor()
    await page.getByRole('button', { name: 'Show all queues' }).click()
    await page.getByRole('button', { name: 'Queue', exact: true }).click()
    await page.getByRole('columnheader', { name: 'Queue' }).and(page.locator('[aria-sort=descending]')).waitFor()
    expect(await names()).toEqual(['payments.fifo', 'orders-dead', 'orders'])
    expect(new URL(page.url()).search).toBe('?sort=-name')
    expect(complaints).toEqual([])
    await close()
  })

  it('creates a queue with its dead-letter queue, with the keyboard alone', async () => {
    const { page, complaints, close } = await site.visit()
    await page
      .getByRole('row', { name: /^orders/ })
      .first()
      .waitFor()
    await page.keyboard.press('c')
    const dialog = page.getByRole('dialog', { name: 'Create a queue' })
    await dialog.getByPlaceholder('orders').waitFor()
    await page.keyboard.type('a b')
    await dialog.getByText('A name has letters').waitFor()
    await page.keyboard.press('ControlOrMeta+a')
    await page.keyboard.type('invoices')
    await page.keyboard.press('Tab')
    await page.keyboard.press('ArrowRight')
    await dialog.getByText('.fifo', { exact: true }).waitFor()
    await dialog.getByRole('radio', { name: 'Create invoices-dead.fifo' }).press(' ')
    await dialog.getByText('As a command').press('Enter')
    await dialog.getByText('"name":"invoices-dead.fifo"').first().waitFor()
    await dialog.getByLabel('Visibility timeout', { exact: true }).fill('45')
    await dialog.getByRole('button', { name: 'Add a tag' }).press('Enter')
    await dialog.getByLabel('Name of tag 1').fill('team')
    await dialog.getByLabel('Value of tag 1').fill('billing')
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: 'invoices.fifo', level: 1 }).waitFor()
    expect(await site.api.getQueue('invoices.fifo')).toMatchObject({
      settings: { visibilityTimeoutSeconds: 45 },
      deadLetter: { queueName: 'invoices-dead.fifo', receiveCountMax: 5 },
      tags: { team: 'billing' },
    })
    await site.api.deleteQueue('invoices.fifo')
    await site.api.deleteQueue('invoices-dead.fifo')
    expect(complaints).toEqual([])
    await close()
  })

  it('says what the server refused, and keeps what was typed', async () => {
    const { page, forgive, close } = await site.visit()
    forgive(/409/)
    await page.locator('.queue-link').first().waitFor()
    await page.getByRole('button', { name: 'Create queue' }).click()
    const dialog = page.getByRole('dialog', { name: 'Create a queue' })
    await dialog.getByPlaceholder('orders').fill('orders')
    await dialog.getByText('There is a queue of this name already.').waitFor()
    await dialog.getByPlaceholder('orders').fill('taken')
    await dialog.getByLabel('Delay', { exact: true }).fill('9')
    // Somebody else is quicker.
    await site.api.createQueue({ name: 'taken', settings: { delaySeconds: 7 } })
    await dialog.getByRole('button', { name: 'Create queue' }).click()
    await dialog.getByRole('alert').getByText('The server refused this').waitFor()
    await dialog.locator('input[value=taken]').waitFor()
    await site.api.deleteQueue('taken')
    await close()
  })

  it('lets a reader look and says why nothing can be created', async () => {
    const { page, complaints, close } = await site.visit('/', { key: await site.newKey('reader') })
    const create = page.getByRole('button', { name: 'Create queue' })
    await create.waitFor()
    expect(await create.getAttribute('aria-disabled')).toBe('true')
    await create.focus()
    await page.getByRole('tooltip').getByText('role reader').waitFor()
    await page.keyboard.press('Enter')
    await page.keyboard.press('c')
    expect(await page.getByRole('dialog').count()).toBe(0)
    expect(complaints).toEqual([])
    await close()
  })

  it('lets a key that may not list open a queue by its name', async () => {
    const { page, complaints, close } = await site.visit('/', { key: await site.newKey('reader', 'orders*') })
    await page.getByLabel('Name of the queue').fill('orders')
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: 'orders', level: 1 }).waitFor()
    expect(complaints).toEqual([])
    await close()
  })

  it('shows the keys that do something, and lets them be switched off', async () => {
    const { page, close } = await site.visit()
    await page
      .getByRole('row', { name: /^orders/ })
      .first()
      .waitFor()
    await page.keyboard.press('?')
    await page.getByRole('dialog', { name: 'Keys' }).getByRole('switch', { name: 'Single keys do something' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Close' }).last().click()
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    await page.keyboard.press('c')
    await page.keyboard.press('?')
    expect(await page.getByRole('dialog').count()).toBe(0)
    await close()
  })

  it.each([
    ['light', 'desktop'],
    ['dark', 'desktop'],
    ['light', 'phone'],
    ['dark', 'phone'],
  ] as const)('keeps to WCAG AA, %s on a %s', async (colorScheme, device) => {
    const { page, close } = await site.visit('/', { colorScheme, ...(device === 'phone' ? { viewport: PHONE } : {}) })
    await page.locator('.queue-link').first().waitFor()
    expect(await axeFindings(page)).toEqual([])
    expect(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth)).toBe(true)
    await page.getByRole('button', { name: 'Create queue' }).click()
    await page.getByPlaceholder('orders').fill('invoices')
    await page.getByRole('radio', { name: 'FIFO' }).last().click()
    await page.getByRole('radio', { name: 'To a queue that is there' }).click()
    expect(await axeFindings(page)).toEqual([])
    await close()
  })
})
