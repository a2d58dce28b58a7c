import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from '@jest/globals'
import { SDKS } from './sdks.ts'

const at = (path: string) => fileURLToPath(new URL(`../../../${path}`, import.meta.url))

/** What the page of every language says beside what it shows. */
const HEADINGS = ['## Generate and build', '## A first message', '## A receive loop', '## Errors']

/** The blocks of a page with the word behind the fence. */
function blocksOf(page: string): { kind: string; text: string }[] {
  return [...page.matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)].map(([, kind = '', text = '']) => ({ kind, text }))
}

function dedent(text: string): string {
  const lines = text.trimEnd().split('\n')
  const indent = Math.min(...lines.filter((line) => line !== '').map((line) => line.search(/\S/)))
  return `${lines.map((line) => line.slice(indent)).join('\n')}\n`
}

/** The pieces of a program between a line with `docs: NAME` and one with `docs: end`. */
function piecesOf(text: string): string[] {
  return [...text.matchAll(/^.*docs: (?!end).*\n([\s\S]*?)^.*docs: end.*$/gm)].map(([, piece = '']) => dedent(piece))
}

describe.each(SDKS.map((sdk) => [sdk.name, sdk] as const))('the page of %s', (name, sdk) => {
  const page = readFileSync(at(join('docs/sdk', sdk.page)), 'utf8')
  const directory = at(join('apps/sdk-check/clients', name))
  const files = readdirSync(directory).map((file) => readFileSync(join(directory, file), 'utf8'))
  const pieces = files.flatMap(piecesOf)
  const blocks = blocksOf(page)

  it('shows every piece of the program that is marked', () => {
    expect(pieces.length).toBeGreaterThanOrEqual(4)
    for (const piece of pieces) expect(blocks.map(({ text }) => text)).toContain(piece)
  })

  it('shows no code that is not run, and no file that is not used', () => {
    for (const { text } of blocks.filter(({ kind }) => kind !== 'sh')) {
      const isWhole = files.some((file) => file.trim() === text.trim())
      expect(isWhole || pieces.includes(text) ? '' : `shown, but not there:\n${text}`).toBe('')
    }
  })

  it('names the commands that are run, all of them and no others', () => {
    const shown = blocks.filter(({ kind }) => kind === 'sh').flatMap(({ text }) => text.trim().split('\n'))
    expect(shown).toEqual([...sdk.commands, sdk.start])
  })

  it('names the versions that are pinned', () => {
    const versions = page.match(/\b\d+\.\d+\.\d+\b/g) ?? []
    // What is no version of a package: the address and the version of OpenAPI.
    const pinned = versions.filter((version) => !['127.0.0', '3.0.3'].includes(version))
    expect(pinned.length).toBeGreaterThan(0)
    const manifest = readFileSync(join(directory, sdk.manifest), 'utf8')
    for (const version of pinned) expect(manifest).toContain(version)
  })

  it('tells what the others tell', () => {
    for (const heading of HEADINGS) expect(page).toContain(`\n${heading}\n`)
  })
})
