import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { type ConsoleSite, HAS_BROWSER, startConsoleSite } from './helpers/console-site.ts'

const inBrowser = HAS_BROWSER ? describe : describe.skip

inBrowser('signing in', () => {
  let site: ConsoleSite
  beforeAll(async () => {
    site = await startConsoleSite()
    await site.api.createQueue({ name: 'orders' })
  })
  afterAll(() => site.stop())

  it('asks for a key, says when it is none or does not work, and goes where one wanted to go', async () => {
    const { page, complaints, forgive, close } = await site.visit('/queues/orders/settings', { key: undefined })
    forgive(/401/)
    await page.getByRole('heading', { name: 'Sign in' }).waitFor()
    await page.getByLabel('Access key').fill('nonsense')
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByText('a dot between them').waitFor()
    await page.getByLabel('Access key').fill('SKAAAAAAAAAAAAAAAAAA.wrong')
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByText('This key does not work.').waitFor()
    await page.getByLabel('Access key').fill(site.adminKey ?? '')
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: 'orders' }).waitFor()
    expect(page.url()).toBe(`${site.url}/queues/orders/settings`)
    await page.getByRole('button', { name: 'Sign out' }).click()
    await page.getByRole('heading', { name: 'Sign in' }).waitFor()
    expect(await page.evaluate(() => ({ ...sessionStorage, ...localStorage }))).not.toHaveProperty('stanchion.key')
    expect(complaints).toEqual([])
    await close()
  })
})
