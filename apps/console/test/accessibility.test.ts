import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { axeFindings, findingsInBothThemes } from './helpers/axe.ts'
import { type ConsoleSite, HAS_BROWSER, PHONE, startConsoleSite } from './helpers/console-site.ts'

const inBrowser = HAS_BROWSER ? describe : describe.skip

/** Every page, with something that is on it when it is whole. */
const PAGES: readonly (readonly [path: string, whole: RegExp])[] = [
  ['/', /orders-dead/],
  ['/queues/orders/messages', /orders/],
  ['/queues/orders/send', /Add an attribute/],
  ['/queues/orders/receive', /This is a real receive/],
  ['/queues/orders-dead/redrive', /dead letters of/],
  ['/queues/orders/settings', /Retention/],
  ['/keys', /What each role may do/],
  ['/nonsense', /no such page/],
]

inBrowser('everybody can use it', () => {
  let site: ConsoleSite
  beforeAll(async () => {
    site = await startConsoleSite()
    await site.api.createQueue({ name: 'orders-dead' })
    await site.api.createQueue({ name: 'orders', deadLetter: { queueName: 'orders-dead', receiveCountMax: 1 } })
    await site.api.queue('orders').sendBatch([{ body: '{"a":1}' }, { body: 'text', delaySeconds: 600 }])
    await site.api.queue('orders-dead').send({ body: 'dead' })
  })
  afterAll(() => site.stop())

  /** What axe finds in both themes. */
  const NOTHING = { light: [], dark: [] }

  it.each(PAGES)(
    'axe finds nothing on %s, in light and dark, and nothing scrolls sideways on the phone',
    async (path, whole) => {
      const { page, complaints, close } = await site.visit(path)
      await page.getByText(whole).first().waitFor()
      expect(await findingsInBothThemes(page)).toEqual(NOTHING)
      await page.setViewportSize(PHONE)
      await page
        .waitForFunction(() => document.documentElement.scrollWidth === window.innerWidth)
        .catch(() => undefined)
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(PHONE.width)
      expect(await axeFindings(page)).toEqual([])
      expect(complaints).toEqual([])
      await close()
    },
  )

  it('axe finds nothing in dialogs', async () => {
    const { page, complaints, close } = await site.visit('/keys')
    await page.getByRole('button', { name: 'Create a key' }).click()
    await page.getByRole('dialog').getByText('The same from a terminal').waitFor()
    expect(await findingsInBothThemes(page)).toEqual(NOTHING)
    expect(complaints).toEqual([])
    await close()
  })

  it('axe finds nothing in menus', async () => {
    const { page, complaints, close } = await site.visit('/queues/orders/send')
    await page.getByRole('button', { name: 'Actions' }).click()
    await page.getByRole('menuitem', { name: /Delete/ }).waitFor()
    expect(await findingsInBothThemes(page)).toEqual(NOTHING)
    await page.getByRole('menuitem', { name: /Delete/ }).click()
    await page.getByRole('dialog').getByText('The same from a terminal').waitFor()
    expect(await findingsInBothThemes(page)).toEqual(NOTHING)
    expect(complaints).toEqual([])
    await close()
  })

  it('axe finds nothing at the sign-in', async () => {
    const { page, close } = await site.visit('/', { key: undefined, viewport: PHONE })
    await page.getByRole('heading', { name: 'Sign in' }).waitFor()
    expect(await findingsInBothThemes(page)).toEqual(NOTHING)
    await close()
  })

  it('by keyboard alone: sign in, find a queue, send to it, receive and delete what was sent', async () => {
    const { page, complaints, forgive, close } = await site.visit('/', { key: undefined })
    forgive(/401/)
    const { keyboard } = page
    /** Goes on with the tabulator until something of this name has the focus. */
    const tabTo = async (name: RegExp) => {
      const seen: string[] = []
      for (let step = 0; step < 60; step += 1) {
        await keyboard.press('Tab')
        const focused = await page.evaluate(() => {
          const { activeElement: element } = document
          const label =
            element?.getAttribute('aria-label') ?? (element as HTMLInputElement | null)?.labels?.[0]?.textContent
          return label ?? element?.textContent ?? ''
        })
        if (name.test(focused)) return
        seen.push(focused.slice(0, 40))
      }
      throw new Error(`the tabulator never comes to ${name}: ${seen.join(', ')}`)
    }
    await page.getByRole('heading', { name: 'Sign in' }).waitFor()
    await keyboard.type(site.adminKey ?? '')
    await keyboard.press('Enter')
    await page.getByText('orders-dead').first().waitFor()
    await tabTo(/^orders$/)
    await keyboard.press('Enter')
    await page.getByRole('heading', { name: 'orders' }).waitFor()
    await tabTo(/^(Overview|Messages)$/)
    const focusedText = () => page.evaluate(() => document.activeElement?.textContent ?? '')
    while ((await focusedText()) !== 'Send') await keyboard.press('ArrowRight')
    await page.getByRole('tab', { name: 'Send', selected: true }).waitFor()
    await tabTo(/^Body$/)
    await keyboard.type('{"by":"keyboard"}')
    await tabTo(/^Send$/)
    await keyboard.press('Enter')
    await page.getByText('Sent', { exact: true }).waitFor()

    await keyboard.press('Home')
    await tabTo(/^Actions$/)
    await tabTo(/^Send$/)
    await keyboard.press('ArrowRight')
    await page.getByRole('tab', { name: 'Receive', selected: true }).waitFor()
    await tabTo(/^Receive$/)
    await keyboard.press('Enter')
    await page.getByRole('article').waitFor()
    await tabTo(/^Delete …$/)
    await keyboard.press('Enter')
    await page.getByRole('dialog').getByText('The same from a terminal').waitFor()
    await keyboard.press('Enter')
    await page.getByText('Deleted', { exact: true }).waitFor()
    expect(complaints).toEqual([])
    await close()
  })
})
