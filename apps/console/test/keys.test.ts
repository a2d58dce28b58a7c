import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { createClient } from '@stanchion/client'
import { type ConsoleSite, HAS_BROWSER, startConsoleSite } from './helpers/console-site.ts'

const inBrowser = HAS_BROWSER ? describe : describe.skip

inBrowser('keys and roles', () => {
  let site: ConsoleSite
  beforeAll(async () => {
    site = await startConsoleSite()
    await site.api.createQueue({ name: 'orders' })
  })
  afterAll(() => site.stop())

  it('are created with a secret that is shown once, and work', async () => {
    const { page, complaints, close } = await site.visit('/keys')
    await page.getByRole('button', { name: 'Create a key' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('producer').check()
    await dialog.getByLabel('Queues').fill('orders *')
    await dialog.getByText('Up to 80 letters').waitFor()
    await dialog.getByLabel('Queues').fill('orders*')
    await dialog.getByLabel('Description').fill('the shop')
    await dialog.getByRole('button', { name: 'Create the key' }).click()
    await page.getByText('shown this once').waitFor()
    const shown = await page.getByRole('dialog', { name: 'The new key' }).locator('pre').first().textContent()
    await page.getByRole('button', { name: 'Copy the key' }).click()
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(shown)
    const producer = createClient({ baseUrl: site.server.url, accessKey: shown ?? '' })
    expect(await producer.queue('orders').send({ body: 'x' })).toMatchObject({ messageId: expect.any(String) })
    await page.getByRole('button', { name: 'I have copied it' }).click()
    await page
      .getByRole('row', { name: /the shop/ })
      .getByText('works')
      .waitFor()
    expect(await page.content()).not.toContain(shown?.split('.')[1])
    expect(complaints).toEqual([])
    await close()
  })

  it('are rotated: the old one works until the overlap is over', async () => {
    const [id = ''] = (await site.newKey('consumer', 'rotated-*')).split('.')
    const { page, complaints, close } = await site.visit('/keys')
    await page.getByRole('button', { name: `Actions for ${id}` }).click()
    await page.getByRole('menuitem', { name: 'Rotate' }).click()
    await page.getByRole('combobox', { name: 'How long the old key still works' }).click()
    await page.getByRole('option', { name: 'One hour' }).click()
    await page.getByText('{"overlapSeconds":3600}').waitFor()
    await page.getByRole('button', { name: 'Rotate the key' }).click()
    await page.getByRole('button', { name: 'I have copied it' }).click()
    await page
      .getByRole('row', { name: new RegExp(id) })
      .getByText('expires')
      .waitFor()
    expect(await page.getByRole('row', { name: /rotated-\*/ }).count()).toBe(2)
    expect(complaints).toEqual([])
    await close()
  })

  it('are disabled after their id was typed, and whoever uses one in the console is signed out', async () => {
    const key = await site.newKey('reader')
    const [id = ''] = key.split('.')
    const other = await site.visit('/queues/orders/settings', { key })
    await other.page.getByRole('heading', { name: 'orders' }).waitFor()
    other.forgive(/401/)

    const { page, complaints, close } = await site.visit('/keys')
    await page.getByRole('button', { name: `Actions for ${id}` }).click()
    await page.getByRole('menuitem', { name: 'Disable' }).click()
    await page
      .getByRole('dialog')
      .getByLabel(/to confirm/)
      .fill(id)
    await page.getByRole('button', { name: 'Disable the key' }).click()
    await page
      .getByRole('row', { name: new RegExp(id) })
      .getByText('disabled')
      .waitFor()

    await other.page.getByText('Your key no longer works').waitFor()
    expect([...complaints, ...other.complaints]).toEqual([])
    await other.close()
    await close()
  })

  it('are nothing that a reader can touch; what each role may do is there for everybody', async () => {
    const { page, complaints, close } = await site.visit('/keys', { key: await site.newKey('reader') })
    await page.getByText('Your key may not manage keys').waitFor()
    expect(await page.getByRole('button', { name: 'Create a key' }).count()).toBe(0)
    const row = page.getByRole('row', { name: /^Send messages/ })
    expect((await row.getByRole('cell').allTextContents()).join(' ')).toMatch(/^yes yes no no no/)
    expect(complaints).toEqual([])
    await close()
  })

  it('are explained where the server asks for none', async () => {
    const open = await startConsoleSite({ auth: 'off' })
    const { page, complaints, close } = await open.visit('/keys')
    await page.getByText('Everybody may do everything').waitFor()
    await page.getByText('STANCHION_AUTH=on npm start').waitFor()
    expect(await page.getByRole('button', { name: 'Sign out' }).count()).toBe(0)
    expect(complaints).toEqual([])
    await close()
    await open.stop()
  })
})
