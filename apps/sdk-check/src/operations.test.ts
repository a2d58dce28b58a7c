import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from '@jest/globals'
import { parse } from 'yaml'

const read = (path: string) => readFileSync(fileURLToPath(new URL(`../../../${path}`, import.meta.url)), 'utf8')

interface Operation {
  readonly id: string
  readonly method: string
  readonly path: string
}

const { paths } = parse(read('openapi.yaml')) as { paths: Record<string, Record<string, { operationId: string }>> }
const OPERATIONS = Object.entries(paths).flatMap(([path, operations]) =>
  Object.entries(operations).map(([method, { operationId: id }]): Operation => ({ id, method, path })),
)

const snakeCase = (name: string) => name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
const pascalCase = (name: string) => `${name.slice(0, 1).toUpperCase()}${name.slice(1)}`
const literally = (text: string) => text.replaceAll(/[/{}.-]/g, '\\$&')

/** How the program of each language calls an operation. */
const CALLS: readonly [file: string, call: (operation: Operation) => RegExp][] = [
  [
    'typescript/life-cycle.ts',
    ({ method, path }) => new RegExp(`\\.${method.toUpperCase()}\\(\\s*'${literally(path)}'`),
  ],
  ['python/life_cycle.py', ({ id }) => new RegExp(`\\b${snakeCase(id)}\\.sync(_detailed)?\\(`)],
  ['go/main.go', ({ id }) => new RegExp(`\\.${pascalCase(id)}WithResponse\\(`)],
  ['java/LifeCycle.java', ({ id }) => new RegExp(`\\.${id}(WithHttpInfo)?\\(`)],
]

describe.each(CALLS)('%s', (file, call) => {
  it('calls every operation of the spec', () => {
    const program = read(`apps/sdk-check/clients/${file}`)
    const missing = OPERATIONS.filter((operation) => !call(operation).test(program))
    expect(missing.map(({ id }) => id)).toEqual([])
  })
})
