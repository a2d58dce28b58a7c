import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { axeFindings } from './helpers/axe.ts'
import { type ConsoleSite, HAS_BROWSER, PHONE, startConsoleSite } from './helpers/console-site.ts'

const inBrowser = HAS_BROWSER ? describe : describe.skip

inBrowser('the overview and the settings of a queue', () => {
  let site: ConsoleSite
  beforeAll(async () => {
    site = await startConsoleSite()
    await site.api.createQueue({ name: 'orders-dead' })
    await site.api.createQueue({
      name: 'orders',
      tags: { team: 'shop' },
      deadLetter: { queueName: 'orders-dead', receiveCountMax: 3 },
    })
    await site.api.queue('orders').sendBatch([{ body: 'a' }, { body: 'b' }])
  })
  afterAll(() => site.stop())

  it('draws depth, rates and age from the memory of the server, and says what came of it', async () => {
    const { page, complaints, close } = await site.visit('/queues/orders')
    await page.getByRole('figure').getByText('Messages a second').waitFor({ timeout: 60_000 })
    const messages = page
      .getByRole('figure')
      .filter({ has: page.getByRole('heading', { name: 'Messages', exact: true }) })
    await messages.getByText('Ready 2').waitFor({ timeout: 60_000 })
    await messages.locator('svg path').first().waitFor()
    await page.getByRole('region', { name: 'Consumers' }).getByText('2 messages are outstanding').waitFor()
    await page.getByText('1 h', { exact: true }).click()
    await page.waitForURL(/range=3600/)
    await page.getByText('Since the queue was created').waitFor()
    expect(complaints).toEqual([])
    await close()
    // The first whole step of ten seconds has to be over.
  }, 90_000)

  it('explains every setting, and changes what was changed alone', async () => {
    const { page, complaints, close } = await site.visit('/queues/orders/settings')
    await page.getByText('How long a received message is hidden from others.', { exact: false }).waitFor()
    await page.getByRole('button', { name: 'Change', exact: true }).click()
    const dialog = page.getByRole('dialog', { name: 'Settings of orders' })
    const save = dialog.getByRole('button', { name: 'Save' })
    expect(await save.isDisabled()).toBe(true)
    await dialog.getByLabel('Receive wait', { exact: true }).fill('21')
    await dialog.getByText('From 0 s to 20 s.').waitFor()
    expect(await save.isDisabled()).toBe(true)
    await dialog.getByLabel('Receive wait', { exact: true }).fill('10')
    await dialog.getByRole('radio', { name: 'None' }).click()
    await dialog.getByText('As a command').click()
    await dialog.getByText(`'{"settings":{"receiveWaitSeconds":10},"deadLetter":null}'`, { exact: false }).waitFor()
    await save.click()
    await dialog.waitFor({ state: 'detached' })
    await page.getByText('10 s', { exact: true }).waitFor()
    const changed = await site.api.getQueue('orders')
    expect(changed.settings.receiveWaitSeconds).toBe(10)
    expect(changed.deadLetter).toBeUndefined()
    await site.api.updateQueue('orders', { deadLetter: { queueName: 'orders-dead', receiveCountMax: 3 } })
    expect(complaints).toEqual([])
    await close()
  })

  it('says what the server refused, and changes nothing', async () => {
    const { page, forgive, close } = await site.visit('/queues/orders/settings')
    forgive(/400|404|409|422/)
    await page.getByRole('button', { name: 'Change', exact: true }).click()
    const dialog = page.getByRole('dialog', { name: 'Settings of orders' })
    await dialog.getByLabel('Dead-letter queue').fill('nowhere')
    await dialog.getByRole('button', { name: 'Save' }).click()
    await dialog
      .getByRole('alert')
      .getByText('no queue of the name given for the dead-letter queue', { exact: false })
      .waitFor()
    expect((await site.api.getQueue('orders')).deadLetter?.queueName).toBe('orders-dead')
    await close()
  })

  it('shows a reader everything and lets nothing be touched', async () => {
    const { page, complaints, close } = await site.visit('/queues/orders/settings', {
      key: await site.newKey('reader'),
    })
    const change = page.getByRole('button', { name: 'Change', exact: true })
    await change.waitFor()
    expect(await change.getAttribute('aria-disabled')).toBe('true')
    await change.focus()
    await page.keyboard.press('Enter')
    expect(await page.getByRole('dialog').count()).toBe(0)
    expect(await page.getByRole('button', { name: 'Actions' }).count()).toBe(0)
    expect(complaints).toEqual([])
    await close()
  })

  it('deletes a queue once its name is typed, and shows the command that does the same', async () => {
    await site.api.createQueue({ name: 'old' })
    const { page, complaints, close } = await site.visit('/queues/old')
    await page.getByRole('button', { name: 'Actions' }).click()
    await page.getByRole('menuitem', { name: 'Delete' }).click()
    const dialog = page.getByRole('dialog', { name: 'Delete old' })
    await dialog.getByText('curl -sS -X DELETE', { exact: false }).waitFor()
    const doIt = dialog.getByRole('button', { name: 'Delete the queue' })
    expect(await doIt.isDisabled()).toBe(true)
    await dialog.getByRole('textbox').fill('old')
    await doIt.click()
    await page.getByRole('heading', { name: 'Queues', level: 1 }).waitFor()
    await expect(site.api.getQueue('old')).rejects.toMatchObject({ code: 'queueNotFound' })
    expect(complaints).toEqual([])
    await close()
  })

  it.each([
    ['light', 'desktop'],
    ['dark', 'phone'],
    ['dark', 'desktop'],
    ['light', 'phone'],
  ] as const)('keeps to WCAG AA, %s on a %s', async (colorScheme, device) => {
    const options = { colorScheme, ...(device === 'phone' ? { viewport: PHONE } : {}) }
    const { page, close } = await site.visit('/queues/orders', options)
    await page.getByRole('figure').first().waitFor({ timeout: 30_000 })
    await page.getByText('Since the queue was created').waitFor()
    expect(await axeFindings(page)).toEqual([])
    await page.getByRole('tab', { name: 'Settings' }).click()
    await page.getByText('Queue URL').waitFor()
    expect(await axeFindings(page)).toEqual([])
    expect(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth)).toBe(true)
    await close()
  })
})
