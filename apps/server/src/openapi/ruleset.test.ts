import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { parse } from 'yaml'

const TOP = fileURLToPath(new URL('../../../../', import.meta.url))
const SPECTRAL = join(TOP, 'node_modules', '@stoplight', 'spectral-cli', 'dist', 'index.js')
const RULESET = join(TOP, '.spectral.yaml')

type Json = Record<string, unknown>

const document = parse(readFileSync(join(TOP, 'openapi.yaml'), 'utf8'))
/** As much of it as the breaks are in: each is a document of its own, and reading them all takes most of the time. */
const excerpt = {
  ...document,
  paths: Object.fromEntries(['/v1/queues', '/v1/queues/{queue}/counts'].map((path) => [path, document.paths[path]])),
}
/** What is found in the excerpt as it is. */
const OF_EXCERPT = 'oas3-unused-component'

/** Makes one thing wrong. */
type Break = (document: Json) => void

/** What each rule must find. */
const BREAKS: Readonly<Record<string, Break>> = {
  'stanchion-operation-id-readable': put('paths /v1/queues post operationId', 'create_queue'),
  'operation-operationId-unique': put('paths /v1/queues post operationId', 'listQueues'),
  'stanchion-operation-summary': put('paths /v1/queues post summary', 'Create a queue.'),
  'stanchion-one-tag': put('paths /v1/queues post tags', ['queues', 'leases']),
  'stanchion-tag-described': put('tags 0 description', undefined),
  'stanchion-operation-security': put('paths /v1/queues post security', undefined),
  'oas3-operation-security-defined': put('components securitySchemes', {}),
  'stanchion-body-named': put('paths /v1/queues post responses 201 content application/json schema', {
    type: 'object',
    example: {},
  }),
  'stanchion-parts-named': put('components schemas QueueCounts properties visible', {
    type: 'array',
    description: 'Some.',
    items: { enum: ['a', 'b'] },
  }),
  'stanchion-no-choice': put('components schemas QueueCounts properties visible', {
    description: 'A number, or a word.',
    anyOf: [{ type: 'integer' }, { type: 'string' }, { type: 'null' }],
  }),
  'stanchion-described': put('components schemas QueueCounts properties visible description', undefined),
  'stanchion-body-example': put('paths /v1/queues post responses 201 content application/json examples', undefined),
  'oas3-valid-media-example': put(
    'paths /v1/queues/{queue}/counts get responses 200 content application/json examples example value visible',
    'many',
  ),
  'stanchion-closed-objects': put('components schemas QueueCounts additionalProperties', undefined),
  'stanchion-one-success-schema': put('paths /v1/queues post responses 200 content application/json schema', {
    $ref: '#/components/schemas/QueuePage',
  }),
  'stanchion-errors-are-problems': put('paths /v1/queues post responses 409 content', {
    'application/json': { schema: { $ref: '#/components/schemas/Problem' }, example: {} },
  }),
  'stanchion-errors-listed': put('paths /v1/queues post responses 503', undefined),
  'oas3-unused-component': put('components schemas Lonely', { type: 'string', description: 'Nobody names it.' }),
  'oas3-api-servers': put('servers', []),
}

/** A change of one place, which is named by the keys that lead there; `undefined` removes what is there. */
function put(place: string, value: unknown): (document: Json) => void {
  return (document) => {
    const keys = place.split(' ')
    const last = keys.pop() ?? ''
    let holder = document
    for (const key of keys) holder = holder[key] as Json
    if (value === undefined) delete holder[last]
    else holder[last] = value
  }
}

describe('the ruleset', () => {
  const directory = mkdtempSync(join(tmpdir(), 'stanchion-ruleset-'))
  let found: ReadonlyMap<string, ReadonlySet<string>>

  beforeAll(async () => {
    for (const [rule, breakIt] of Object.entries<Break>({ ...BREAKS, nothing: () => {} })) {
      const broken = structuredClone(rule === OF_EXCERPT ? document : excerpt)
      breakIt(broken)
      writeFileSync(join(directory, `${rule}.json`), JSON.stringify(broken))
    }
    const args = [SPECTRAL, 'lint', join(directory, '*.json'), '--ruleset', RULESET, '--format', 'json', '--quiet']
    // It ends with a failure, as it should, and still says what it found.
    const { stdout } = await promisify(execFile)(process.execPath, args, { maxBuffer: 64 * 1024 * 1024 }).catch(
      (failed: { stdout: string }) => failed,
    )
    const findings = JSON.parse(stdout) as { code: string; source: string }[]
    found = new Map(
      [...Object.keys(BREAKS), 'nothing'].map((name) => {
        const ofFile = findings.filter(({ source }) => basename(source, '.json') === name)
        return [name, new Set(ofFile.map(({ code }) => code))]
      }),
    )
  }, 120_000)

  afterAll(() => rmSync(directory, { recursive: true }))

  it.each(Object.keys(BREAKS))('finds what is against %s', (rule) => {
    expect(found.get(rule)).toContain(rule)
  })

  it('finds nothing where nothing is broken', () => {
    expect([...(found.get('nothing') ?? [])]).toEqual([OF_EXCERPT])
  })

  it('tests every rule of its own, and says of each why it is there', () => {
    const { rules } = parse(readFileSync(RULESET, 'utf8')) as {
      rules: Record<string, { description?: string } | false>
    }
    const own = Object.entries(rules).filter(([name]) => name.startsWith('stanchion-'))
    for (const [name, rule] of own) {
      expect(Object.keys(BREAKS)).toContain(name)
      expect(rule).toMatchObject({ description: expect.stringMatching(/.{30}/) })
    }
  })
})
