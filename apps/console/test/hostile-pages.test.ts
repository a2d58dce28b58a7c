import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { type ConsoleSite, HAS_BROWSER, startConsoleSite } from './helpers/console-site.ts'

const inBrowser = HAS_BROWSER ? describe : describe.skip

/** Each would set a mark on the page if a browser took it for anything but text. */
const SCRIPTS = [
  '<script>window.marked = true</script>',
  '"><img src=x onerror="window.marked = true">',
  '<svg onload="window.marked = true"></svg>',
  '<a href="javascript:window.marked = true">click</a>',
  '{"html":"<img src=x onerror=window.marked=true>","url":"javascript:window.marked=true"}',
]

inBrowser('what others wrote', () => {
  let site: ConsoleSite
  beforeAll(async () => {
    site = await startConsoleSite()
    await site.api.createQueue({ name: 'orders', tags: { url: 'javascript:window.marked=true' } })
    for (const body of SCRIPTS) {
      await site.api.queue('orders').send({ body, attributes: { a: { type: 'string', value: body } } })
    }
    for (const description of SCRIPTS) await site.api.accessKeys.create({ role: 'reader', description })
  })
  afterAll(() => site.stop())

  it.each([
    ['/queues/orders/messages', 'list of messages'],
    ['/queues/orders', 'page of a queue'],
    ['/queues/orders/settings', 'settings with tags'],
    ['/keys', 'list of keys'],
    ['/queues/%3Cimg%20src%3Dx%20onerror%3Dwindow.marked%3Dtrue%3E', 'page of a queue that cannot be'],
  ])('is text and nothing else at %s, the %s', async (path) => {
    const { page, forgive, complaints, close } = await site.visit(path)
    await page.waitForLoadState('networkidle')
    forgive(/Failed to load resource/)
    expect(await page.evaluate(() => 'marked' in window)).toBe(false)
    expect(await page.locator('img[src="x"], svg[onload], a[href^="javascript:"]').count()).toBe(0)
    expect(complaints).toEqual([])
    await close()
  })

  it.each(SCRIPTS)('is text in a message that is opened: %s', async (body) => {
    const { page, complaints, close } = await site.visit('/queues/orders/messages')
    const messages = page.getByRole('list', { name: 'Ready messages' }).getByRole('button')
    await messages.first().waitFor()
    await messages.nth(SCRIPTS.indexOf(body)).click()
    await page.getByRole('dialog', { name: 'Message' }).getByText('marked').first().waitFor()
    expect(await page.evaluate(() => 'marked' in window)).toBe(false)
    expect(complaints).toEqual([])
    await close()
  })
})

inBrowser('a page of another site, in the browser of somebody who runs a server that asks for no keys', () => {
  let site: ConsoleSite
  beforeAll(async () => {
    site = await startConsoleSite({ auth: 'off' })
    await site.api.createQueue({ name: 'orders' })
    await site.api.queue('orders').send({ body: 'kept' })
  })
  afterAll(() => site.stop())

  it('can neither post a form that has an effect nor read an answer', async () => {
    const target = `${site.server.url}/000000000000/orders`
    const evil = createServer((_request, response) => {
      response.setHeader('content-type', 'text/html')
      response.end(`<form method="post" action="${target}"><input name="Action" value="PurgeQueue"></form>
        <img src="${target}?Action=DeleteQueue"><iframe name="inner"></iframe>`)
    })
    evil.listen(0, '127.0.0.1')
    await once(evil, 'listening')
    const { page, close } = await site.visit()
    try {
      // Another name, hence another site, for the browser.
      await page.goto(`http://localhost:${(evil.address() as AddressInfo).port}/`)
      const read = await page.evaluate(async (url) => {
        const attempts = [
          fetch(`${url}/v1/queues`),
          fetch(url, { method: 'POST', body: new URLSearchParams({ Action: 'ListQueues' }) }),
          fetch(url, { method: 'POST', headers: { 'x-amz-target': 'AmazonSQS.ListQueues' }, body: '{}' }),
        ]
        return (await Promise.allSettled(attempts)).map(({ status }) => status)
      }, site.server.url)
      expect(read).toEqual(['rejected', 'rejected', 'rejected'])
      const answered = page.waitForResponse((response) => response.request().method() === 'POST')
      await page.evaluate(() => document.querySelector('form')?.submit())
      expect((await answered).status()).toBe(403)
    } finally {
      await close()
      evil.close()
      evil.closeAllConnections()
    }
    expect(await site.api.queue('orders').counts()).toMatchObject({ visible: 1 })
  })
})
