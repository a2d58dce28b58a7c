import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Page } from 'playwright-core'

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

interface AxeResults {
  readonly violations: readonly {
    readonly id: string
    readonly help: string
    readonly nodes: readonly { readonly html: string; readonly failureSummary?: string }[]
  }[]
}

/** What axe finds against WCAG 2.2 AA on the page as it is now, one line a finding. */
export async function axeFindings(page: Page): Promise<string[]> {
  await untilNothingMoves(page)
  await page.evaluate(AXE)
  const { violations } = await page.evaluate(() => {
    const { axe } = window as unknown as { axe: { run(options: unknown): Promise<AxeResults> } }
    const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']
    // Menus and notifications open at the end of the page, outside its parts, as they should.
    return axe.run({ runOnly: { type: 'tag', values: tags }, rules: { region: { enabled: false } } })
  })
  return violations.flatMap(({ id, help, nodes }) =>
    nodes.map(
      ({ html, failureSummary = '' }) =>
        `${id}: ${help}\n  ${html}\n  ${failureSummary.split('\n').slice(1).join(' ')}`,
    ),
  )
}

/** The same by theme; the page is left in the light one. */
export async function findingsInBothThemes(page: Page): Promise<Record<'light' | 'dark', string[]>> {
  const light = await axeFindings(page)
  await page.emulateMedia({ colorScheme: 'dark' })
  await page.locator('html[data-mantine-color-scheme="dark"]').waitFor()
  const dark = await axeFindings(page)
  await page.emulateMedia({ colorScheme: 'light' })
  await page.locator('html[data-mantine-color-scheme="light"]').waitFor()
  return { light, dark }
}

/** What is half faded in has less contrast than anybody will see. What moves for ever, such as a loader, is not waited for. */
async function untilNothingMoves(page: Page): Promise<void> {
  await page.evaluate(async () => {
    const passing = document.getAnimations().filter((it) => it.effect?.getComputedTiming().endTime !== Infinity)
    await Promise.allSettled(passing.map((it) => it.finished))
  })
}
