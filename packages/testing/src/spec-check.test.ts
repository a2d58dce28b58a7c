import { readFileSync } from 'node:fs'
import { describe, expect, it } from '@jest/globals'
import { parse } from 'yaml'
import { checkedFetch } from './checked-fetch.ts'
import { SpecCheck } from './spec-check.ts'

const check = new SpecCheck(parse(readFileSync(new URL('../../../openapi.yaml', import.meta.url), 'utf8')))

const COUNTS = { visible: 1, inFlight: 0, delayed: 0, oldestMessageAgeSeconds: null }
const KEY = { id: 'k', role: 'reader', queuePattern: '*', description: '', createdAt: '2026-08-01T12:00:00.000Z' }
const PROBLEM = {
  type: 'urn:stanchion:error:queueNotFound',
  title: 'The queue does not exist',
  status: 404,
  code: 'queueNotFound',
  detail: 'There is no queue of this name.',
  requestId: 'r',
}

/** What is wrong with an answer to a request for counts, with these differences to a good one. */
function problemWith(body: unknown, different: object = {}): string | undefined {
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  const good = { method: 'GET', path: '/v1/queues/q/counts', status: 200, contentType: 'application/json', text }
  return check.problemWith({ ...good, ...different })
}

const ofKeys = (body: object) => problemWith({ accessKeys: [body] }, { path: '/v1/access-keys' })
const ofProblem = (body: object, different: object = {}) =>
  problemWith(body, { status: 404, contentType: 'application/problem+json', ...different })

describe('an answer is held against the spec', () => {
  it('and passes as described', () => {
    expect(problemWith(COUNTS)).toBeUndefined()
    expect(problemWith(COUNTS, { contentType: 'application/json; charset=utf-8' })).toBeUndefined()
    expect(ofKeys(KEY)).toBeUndefined()
    expect(ofProblem(PROBLEM)).toBeUndefined()
    expect(
      problemWith('', { method: 'POST', path: '/v1/queues/q/purge', status: 204, contentType: null }),
    ).toBeUndefined()
    expect(problemWith('', { method: 'HEAD' })).toBeUndefined()
    expect(ofProblem({ ...PROBLEM, code: 'routeNotFound' }, { path: '/v1/nothing' })).toBeUndefined()
  })

  it.each([
    ['a member too many', problemWith({ ...COUNTS, dead: 1 }), /additional properties: dead/],
    ['a member too many inside', ofKeys({ ...KEY, secret: 's' }), /accessKeys\/0 must NOT .*: secret/],
    ['a member that is missing', problemWith({ ...COUNTS, visible: undefined }), /'visible'/],
    ['another type', problemWith({ ...COUNTS, visible: '1' }), /visible must be integer/],
    ['null where there is none', problemWith({ ...COUNTS, visible: null }), /visible must be integer/],
    ['a value that is none of the set', ofKeys({ ...KEY, role: 'owner' }), /role must pass "x-extensible-enum"/],
    ['a time of another form', ofKeys({ ...KEY, createdAt: '2026-08-01T12:00:00Z' }), /createdAt must match format/],
    ['another status', problemWith(COUNTS, { status: 201 }), /the status 201/],
    ['another content type', problemWith(COUNTS, { contentType: 'text/html' }), /content type text\/html/],
    [
      'a problem as plain JSON',
      ofProblem(PROBLEM, { contentType: 'application/json' }),
      /content type application\/json/,
    ],
    [
      'a body where there is none',
      problemWith('{}', { method: 'POST', path: '/v1/queues/q/purge', status: 204 }),
      /no body/,
    ],
    ['no body where there is one', problemWith(''), /no JSON/],
    ['an operation that is not described', problemWith({}, { path: '/v1/secrets' }), /does not know this operation/],
    ['a method that is not described', problemWith({}, { method: 'PUT' }), /does not know this operation/],
    ['a code that nobody knows', ofProblem({ ...PROBLEM, code: 'oops' }), /code must pass/],
    ['a code of another operation', ofProblem({ ...PROBLEM, code: 'moveTaskNotFound' }), /the code moveTaskNotFound/],
    ['nothing of a problem at no address', problemWith({}, { path: '/v1/nothing', status: 404 }), /required property/],
  ])('and fails with %s', (_, problem, message) => {
    expect(problem).toMatch(message)
    expect(problem).toMatch(/in the answer to/)
  })
})

describe('every fetch of a test', () => {
  const url = 'http://127.0.0.1:1/v1/queues/q/counts'
  const answer = (headers: Record<string, string>) =>
    new Response('{"visible":"many"}', { headers: { 'content-type': 'application/json', ...headers } })

  it('reports an answer of the server that is not as described, and gives it all the same', async () => {
    const reported: string[] = []
    const fetch = checkedFetch(
      async () => answer({ 'x-request-id': 'r' }),
      () => check,
      (problem) => reported.push(problem),
    )
    expect(await (await fetch(url)).json()).toEqual({ visible: 'many' })
    expect(reported).toEqual([expect.stringMatching('visible must be integer')])
    await fetch(new Request(url))
    expect(reported).toHaveLength(2)
  })

  it('leaves alone what is not of the REST API, and servers that a test has made up', async () => {
    const never = () => {
      throw new Error('it was checked')
    }
    const ofAnother = checkedFetch(async () => answer({}), never, never)
    expect(await (await ofAnother(url)).json()).toEqual({ visible: 'many' })
    const ofOurs = checkedFetch(async () => answer({ 'x-request-id': 'r' }), never, never)
    expect((await ofOurs('http://127.0.0.1:1/metrics')).status).toBe(200)
  })
})
