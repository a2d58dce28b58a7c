import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from '@jest/globals'
import { CLIENTS } from './clients.ts'
import { placesOf } from './places.ts'

const PAGE = readFileSync(fileURLToPath(new URL('../../../docs/reference/clients.md', import.meta.url)), 'utf8')

/** The pieces of the programs that are between a line with `docs: NAME` and one with `docs: end`. */
function piecesOf(directory: string): string[] {
  return readdirSync(directory).flatMap((file) => {
    const text = readFileSync(join(directory, file), 'utf8')
    return [...text.matchAll(/^.*docs: (?!end).*\n([\s\S]*?)^.*docs: end$/gm)].map(([, piece = '']) => dedent(piece))
  })
}

function dedent(text: string): string {
  const lines = text.trimEnd().split('\n')
  const indent = Math.min(...lines.filter((line) => line !== '').map((line) => line.search(/\S/)))
  return lines.map((line) => line.slice(indent)).join('\n')
}

describe.each(CLIENTS.map((client) => [client.name, client] as const))('the client %s', (name, client) => {
  const { source } = placesOf(client)
  const row = PAGE.split('\n').find((line) => line.startsWith(`| \`${name}\` |`)) ?? ''

  it('is on the page with the versions that its manifest pins', () => {
    const versions = row.match(/\d+\.\d+\.\d+/g) ?? []
    expect(versions.length).toBeGreaterThan(0)
    const manifest = readFileSync(join(source, client.manifest), 'utf8')
    expect(versions.filter((version) => !manifest.includes(version))).toEqual([])
  })

  it('is configured on the page as in its program', () => {
    const pieces = piecesOf(source)
    expect(pieces.length).toBe(1)
    for (const piece of pieces) expect(PAGE).toContain(`\n${piece}\n\`\`\``)
  })
})
