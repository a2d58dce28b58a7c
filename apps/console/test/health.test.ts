import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import pg from 'pg'
import type { Page } from 'playwright-core'
import { axeFindings, findingsInBothThemes } from './helpers/axe.ts'
import { type ConsoleSite, HAS_BROWSER, PHONE, startConsoleSite, type Visit } from './helpers/console-site.ts'

const NOTHING = { light: [], dark: [] }

const inBrowser = HAS_BROWSER ? describe : describe.skip

/** Ends a visit to a page that must have had nothing to complain about. */
async function end({ complaints, close }: Visit): Promise<void> {
  expect(complaints).toEqual([])
  await close()
}

inBrowser('the health page', () => {
  let site: ConsoleSite
  let sql: pg.Client
  beforeAll(async () => {
    site = await startConsoleSite()
    sql = new pg.Client({ connectionString: site.server.databaseUrl })
    await sql.connect()
  })
  afterAll(async () => {
    await sql?.end()
    await site?.stop()
  })

  it('says that nothing was found, and what was looked at', async () => {
    const visit = await site.visit('/health')
    const { page } = visit
    await page.getByRole('status').getByText('Nothing found').waitFor()
    await page.getByText(/^\d+ checks passed, \d+ were skipped\.$/).waitFor()
    await page.getByText(/^Examined /).waitFor()
    await page.getByRole('listitem').filter({ hasText: 'fsync is on' }).getByText('passed').waitFor()
    const skipped = page.getByRole('listitem').filter({ hasText: 'The disk of the embedded Postgres has room' })
    await skipped.getByText(/^skipped: The database is not embedded/).waitFor()
    expect(await findingsInBothThemes(page)).toEqual(NOTHING)
    await end(visit)
  })

  it('shows what is wrong by how grave it is, with advice, the runbook and the queue; and again when asked', async () => {
    await site.api.createQueue({ name: 'gone' })
    await site.api.createQueue({ name: 'orders', deadLetter: { queueName: 'gone', receiveCountMax: 3 } })
    await site.api.deleteQueue('gone')
    const visit = await site.visit('/health')
    const { page } = visit
    const soon = page.getByRole('region', { name: 'Look at this soon' })
    const missing = soon.getByRole('article', { name: 'queue orders' })
    // What was read seconds ago is shown again; then it is read anew.
    await expectEventually(page, () => missing.isVisible())
    await missing.getByText(/^The queue orders names gone as its dead-letter queue/).waitFor()
    await missing.getByText('docs/operate/doctor.md#dead-letter-queue-missing').waitFor()

    await sql.query(`DO $$ BEGIN
      EXECUTE format('ALTER DATABASE %I SET default_transaction_isolation = serializable', current_database()); END $$`)
    const now = page.getByRole('region', { name: 'Mend this now' })
    await expectEventually(page, () => now.isVisible())
    await now.getByText(/ALTER DATABASE … RESET default_transaction_isolation/).waitFor()
    expect(await page.getByRole('heading', { level: 2 }).allTextContents()).toEqual([
      'Mend this now',
      'Look at this soon',
    ])
    // Open by itself only where nothing had been found when the page came.
    const checks = page.getByRole('button', { name: 'Everything that was checked' })
    if ((await checks.getAttribute('aria-expanded')) === 'false') await checks.click()
    const check = page.getByRole('listitem').filter({ hasText: 'default_transaction_isolation is read committed' })
    await check.getByText('found something').waitFor()
    expect(await findingsInBothThemes(page)).toEqual(NOTHING)

    await page.setViewportSize(PHONE)
    await page.waitForFunction(() => document.documentElement.scrollWidth === window.innerWidth).catch(() => undefined)
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(PHONE.width)
    expect(await axeFindings(page)).toEqual([])
    await missing.getByRole('link', { name: 'To the queue orders' }).click()
    await page.getByRole('heading', { name: 'orders', level: 1 }).waitFor()
    await end(visit)
  })

  it('has the runbooks to read', async () => {
    const visit = await site.visit('/health/runbooks/oldest-message-too-old')
    const { page } = visit
    await page.getByRole('heading', { name: 'Messages wait too long', level: 1 }).waitFor()
    await page.getByRole('heading', { name: 'Do this', level: 2 }).waitFor()
    expect(await findingsInBothThemes(page)).toEqual(NOTHING)
    await page.setViewportSize(PHONE)
    await page.waitForFunction(() => document.documentElement.scrollWidth === window.innerWidth).catch(() => undefined)
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(PHONE.width)
    await page.locator('.runbook-text a[href^="/console/health/runbooks/"]').first().click()
    await page.waitForURL((url) => !url.pathname.endsWith('oldest-message-too-old'))
    await page.getByRole('heading', { name: 'Do this', level: 2 }).waitFor()
    await page.goto(`${site.url}/health/runbooks/never`)
    await page.getByText('There is no such runbook').waitFor()
    await end(visit)
  })

  it('tells a key for some queues about those, and says so', async () => {
    const visit = await site.visit('/health', { key: await site.newKey('reader', 'invoices-*') })
    const { page } = visit
    await page.getByText(/^Your key reaches the queues that match/).waitFor()
    await page.getByRole('status').getByText('Nothing found').waitFor()
    expect(await page.getByText('orders').count()).toBe(0)
    expect(await findingsInBothThemes(page)).toEqual(NOTHING)
    await end(visit)
  })

  it('says which keys may look, to one that may not', async () => {
    const visit = await site.visit('/health', { key: await site.newKey('producer') })
    const { page } = visit
    await page.getByText('Your key may not see the health of the service').waitFor()
    await page.getByText(/roles admin, inspector, reader/).waitFor()
    expect(await page.getByRole('button', { name: 'Examine again' }).count()).toBe(0)
    expect(await findingsInBothThemes(page)).toEqual(NOTHING)
    await end(visit)
  })

  it('says what the server says when it refuses, and when it is gone', async () => {
    const visit = await site.visit('/keys')
    const { page, forgive } = visit
    forgive(/403|ERR_/)
    const body = JSON.stringify({ code: 'forbidden', detail: 'The access key does not allow this.', status: 403 })
    await page.route('**/v1/doctor', (route) =>
      route.fulfill({ status: 403, contentType: 'application/problem+json', body }),
    )
    await page.getByRole('link', { name: 'Health' }).click()
    await page.getByRole('heading', { name: 'Your key does not allow this' }).waitFor()
    await page.unroute('**/v1/doctor')
    await page.route('**/v1/doctor', (route) => route.abort('connectionrefused'))
    await page.getByRole('button', { name: 'Examine again' }).click()
    await page.getByRole('heading', { name: 'The server does not answer' }).waitFor()
    await page.unroute('**/v1/doctor')
    await page.getByRole('button', { name: 'Try again' }).click()
    await page.getByText('Everything that was checked').waitFor()
    await end(visit)
  })
})

/** Has the server examined again until something is seen. */
async function expectEventually(page: Page, isSeen: () => Promise<boolean>): Promise<void> {
  const button = page.getByRole('button', { name: 'Examine again' })
  while (!(await isSeen())) {
    await button.click()
    await page.locator('button:not([data-loading])', { hasText: 'Examine again' }).waitFor()
  }
}
