import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { type ConsoleSite, HAS_BROWSER, startConsoleSite } from './helpers/console-site.ts'

const inBrowser = HAS_BROWSER ? describe : describe.skip

inBrowser('when something is wrong', () => {
  let site: ConsoleSite
  beforeAll(async () => {
    site = await startConsoleSite()
    await site.api.createQueue({ name: 'orders' })
  })
  afterAll(() => site.stop())

  it('a queue that is deleted while somebody looks says so', async () => {
    await site.api.createQueue({ name: 'short-lived' })
    const { page, complaints, forgive, close } = await site.visit('/queues/short-lived/settings')
    forgive(/404/)
    await page.getByRole('heading', { name: 'short-lived' }).waitFor()
    await site.api.deleteQueue('short-lived')
    await page.getByRole('heading', { name: 'This queue does not exist' }).waitFor()
    await page.getByRole('link', { name: 'To the queues' }).click()
    await page.getByRole('heading', { name: 'Queues' }).waitFor()
    expect(complaints).toEqual([])
    await close()
  })

  it('a queue and a page that never were say so', async () => {
    const { page, complaints, forgive, close } = await site.visit('/queues/never')
    forgive(/404/)
    await page.getByRole('heading', { name: 'This queue does not exist' }).waitFor()
    await page.goto(`${site.url}/nonsense`)
    await page.getByText('There is no such page').waitFor()
    expect(complaints).toEqual([])
    await close()
  })

  it('a server that is gone is waited for, and what was typed is still there', async () => {
    const { page, complaints, forgive, close } = await site.visit('/queues/orders/send')
    forgive(/ERR_/)
    await page.getByLabel('Body', { exact: true }).fill('{"typed":true}')
    await page.route('**/v1/**', (route) => route.abort('connectionrefused'))
    await page.getByRole('button', { name: 'Send', exact: true }).click()
    await page.getByRole('alert').filter({ hasText: 'The server does not answer' }).waitFor()
    await page.unroute('**/v1/**')
    expect(await page.getByLabel('Body', { exact: true }).inputValue()).toBe('{"typed":true}')
    await page.getByRole('button', { name: 'Send', exact: true }).click()
    await page.getByText('Sent', { exact: true }).waitFor()
    expect(complaints).toEqual([])
    await close()
  })

  it('a server that was gone from the start offers to try again', async () => {
    const { page, complaints, forgive, close } = await site.visit('/nonsense')
    forgive(/ERR_/)
    await page.route('**/v1/**', (route) => route.abort('connectionrefused'))
    await page.reload()
    await page.getByRole('heading', { name: 'The server does not answer' }).waitFor()
    await page.unroute('**/v1/**')
    await page.getByRole('button', { name: 'Try again' }).click()
    await page.getByText('There is no such page').waitFor()
    expect(complaints).toEqual([])
    await close()
  })

  it.each([
    [429, 'overloaded', 'The server has too much to do'],
    [503, 'unavailable', 'The server cannot do this now'],
  ])('an answer %i says what to do', async (status, code, title) => {
    const { page, complaints, forgive, close } = await site.visit('/queues/orders/receive')
    forgive(new RegExp(String(status)))
    await page.route('**/v1/queues/orders/receive', (route) =>
      route.fulfill({
        status,
        contentType: 'application/problem+json',
        headers: { 'retry-after': '0' },
        body: JSON.stringify({ code, detail: 'Too much is waiting.', status, requestId: 'r' }),
      }),
    )
    await page.getByRole('button', { name: 'Receive', exact: true }).click()
    await page.getByRole('alert').filter({ hasText: title }).waitFor()
    expect(complaints).toEqual([])
    await close()
  })

  it('a reader sees and cannot touch', async () => {
    const { page, complaints, close } = await site.visit('/queues/orders/send', { key: await site.newKey('reader') })
    await page.getByText('Your key may not send messages').waitFor()
    expect(await page.getByRole('button', { name: 'Actions' }).count()).toBe(0)
    await page.getByRole('tab', { name: 'Receive' }).click()
    await page.getByText('Your key may not receive messages').waitFor()
    expect(await page.getByRole('button', { name: /Send|Receive|Purge|Delete/ }).count()).toBe(0)
    expect(complaints).toEqual([])
    await close()
  })
})
