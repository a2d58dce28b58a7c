import { readFileSync } from 'node:fs'
import { afterAll, afterEach } from '@jest/globals'
import { parse } from 'yaml'
import { checkedFetch } from './checked-fetch.ts'
import { SpecCheck } from './spec-check.ts'

/**
 * Runs before every test file: from then on every answer of the REST API that is fetched is held against `openapi.yaml`, and a test
 * during which one was not as described fails.
 */
const SPEC = new URL('../../../openapi.yaml', import.meta.url)

let check: SpecCheck | undefined
const problems = new Set<string>()

const loadCheck = () => {
  check ??= new SpecCheck(parse(readFileSync(SPEC, 'utf8')))
  return check
}

globalThis.fetch = checkedFetch(globalThis.fetch, loadCheck, (problem) => problems.add(problem))

afterEach(failOnProblems)
// What the setup of a file fetches counts to its first test, what its end fetches comes here.
afterAll(failOnProblems)

function failOnProblems(): void {
  const found = [...problems]
  problems.clear()
  if (found.length > 0) throw new Error(`answers that are not as openapi.yaml says:\n${found.join('\n')}`)
}
