import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from '@jest/globals'
import { parse } from 'yaml'
import { BASELINE } from './baseline.ts'
import { type Break, findBreaks } from './find-breaks.ts'

type Json = Record<string, unknown>

const TIME_LIMIT_MS = 60_000
const directory = mkdtempSync(join(tmpdir(), 'stanchion-breaks-'))
afterAll(() => rmSync(directory, { recursive: true }))

const nothing = await findBreaks(BASELINE, BASELINE)
const itWhereGoIs = nothing.outcome === 'compared' ? it : it.skip

/** What breaks when the baseline is changed like this. */
async function breaksOf(
  change: (document: { paths: Json; components: { schemas: Json } }) => void,
): Promise<readonly Break[]> {
  const document = parse(readFileSync(BASELINE, 'utf8'))
  change(document)
  const file = join(directory, 'changed.json')
  writeFileSync(file, JSON.stringify(document))
  const comparison = await findBreaks(BASELINE, file)
  if (comparison.outcome === 'unavailable') throw new Error(comparison.why)
  return comparison.breaks
}

/** A part of the baseline by the keys that lead there. */
const partOf = (document: object, ...keys: string[]) =>
  keys.reduce((part: Json, key) => part[key] as Json, document as Json)

describe('compared with the baseline', () => {
  itWhereGoIs('the baseline breaks nothing', () => expect(nothing).toEqual({ outcome: 'compared', breaks: [] }))

  itWhereGoIs.each<[string, Parameters<typeof breaksOf>[0], Break]>([
    [
      'a member of an answer that has gone',
      (document) => {
        const counts = partOf(document, 'components', 'schemas', 'QueueCounts')
        delete (counts.properties as Json).visible
        counts.required = ['inFlight', 'delayed', 'oldestMessageAgeSeconds']
      },
      {
        id: 'response-required-property-removed',
        text: 'removed the required property `visible` from the response with the `200` status',
        operationId: 'countMessages',
      },
    ],
    [
      'a parameter that became required',
      (document) => {
        const list = partOf(document, 'paths', '/v1/queues', 'get')
        const limit = (list.parameters as Json[]).find(({ name }) => name === 'limit')
        if (limit !== undefined) limit.required = true
      },
      {
        id: 'request-parameter-became-required',
        text: 'the `query` request parameter `limit` became required',
        operationId: 'listQueues',
      },
    ],
    [
      'an operation that has gone',
      (document) => void delete document.paths['/v1/queues/{queue}/purge'],
      {
        id: 'api-path-removed-without-deprecation',
        text: 'api path removed without deprecation',
        operationId: 'purgeQueue',
      },
    ],
  ])(
    '%s is found',
    async (_, change, expected) => {
      expect(await breaksOf(change)).toContainEqual(expected)
    },
    TIME_LIMIT_MS,
  )

  itWhereGoIs(
    'what is new, and a code of a problem among it, breaks nobody',
    async () => {
      const breaks = await breaksOf(({ paths, components: { schemas } }) => {
        paths['/v1/new'] = structuredClone(paths['/v1/access-keys'])
        for (const operation of Object.values(paths['/v1/new'] as Record<string, Json>)) operation.operationId += 'New'
        const codes = partOf(schemas, 'ProblemCode')['x-extensible-enum'] as string[]
        codes.push('newCode')
        partOf(schemas, 'NewQueue', 'properties').newMember = { type: 'string' }
        partOf(schemas, 'Queue', 'properties').newMember = { type: 'string' }
      })
      expect(breaks).toEqual([])
    },
    TIME_LIMIT_MS,
  )
})
