import type { Case } from './case.ts'
import { createHttp } from './clients/http.ts'
import { createQueryClient } from './clients/query-client.ts'
import { createSdkClient } from './clients/sdk-client.ts'
import { type Protocol, SqsCallError, type Target } from './clients/sqs-client.ts'
import { createContext } from './context.ts'
import { Failure, show } from './expect.ts'
import { findGap, type KnownGap } from './gap.ts'

/** Why a run did not pass. */
export interface Problem {
  readonly rule: string
  readonly expected: string
  readonly got: string
  /** The last request, which mostly is the one that went wrong. */
  readonly request: string
}

/** What became of one case in one protocol. */
export interface CaseResult {
  readonly case: Case
  readonly protocol: Protocol
  readonly milliseconds: number
  /** Absent: it passed. */
  readonly problem: Problem | undefined
  /** The known gap that covers it. */
  readonly gap: KnownGap | undefined
}

export interface RunOptions {
  readonly target: Target
  readonly cases: readonly Case[]
  readonly gaps: readonly KnownGap[]
  /** Runs at the same time. */
  readonly concurrency: number
  readonly onResult?: (result: CaseResult) => void
}

/** Longest that one run may take before it counts as failed. */
const CASE_TIMEOUT_MS = 45_000

const PROTOCOLS: readonly Protocol[] = ['json', 'query']

/** Runs every case in every protocol that it is for, some at a time, and tells what became of each. */
export async function runCases({ target, cases, gaps, concurrency, onResult }: RunOptions): Promise<CaseResult[]> {
  const http = createHttp(target)
  const sdk = createSdkClient(target)
  const clients = { json: sdk.client, query: createQueryClient(http) }
  const runs = cases.flatMap((item) => (item.protocols ?? PROTOCOLS).map((protocol) => ({ item, protocol })))
  const results: CaseResult[] = []
  const waiting = runs.values()

  async function work(): Promise<void> {
    for (const { item, protocol } of waiting) {
      const result = await runCase(item, protocol)
      results.push(result)
      onResult?.(result)
    }
  }

  async function runCase(item: Case, protocol: Protocol): Promise<CaseResult> {
    const startedAt = performance.now()
    const { context, requests, cleanUp } = createContext(protocol, target, clients[protocol], http)
    const error = await errorOf(withTimeout(item.run(context)))
    const request = requests.at(-1) ?? '(none)'
    await errorOf(cleanUp())
    return {
      case: item,
      protocol,
      milliseconds: Math.round(performance.now() - startedAt),
      problem: error === undefined ? undefined : toProblem(error, request),
      gap: findGap(gaps, item, protocol),
    }
  }

  try {
    await Promise.all(Array.from({ length: concurrency }, work))
  } finally {
    sdk.close()
  }
  const places = new Map(cases.map((item, i) => [item, i]))
  return results.sort(
    (a, b) => (places.get(a.case) ?? 0) - (places.get(b.case) ?? 0) || (a.protocol < b.protocol ? -1 : 1),
  )
}

async function errorOf(work: Promise<unknown>): Promise<Error | undefined> {
  try {
    await work
    return undefined
  } catch (error) {
    return error instanceof Error ? error : new Error(show(error))
  }
}

async function withTimeout(work: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const timeout = new Promise<never>((_, reject) => {
    const late = () => reject(new Failure('the case ends', `within ${CASE_TIMEOUT_MS / 1_000} s`, 'it does not'))
    timer = setTimeout(late, CASE_TIMEOUT_MS)
  })
  try {
    await Promise.race([work, timeout])
  } finally {
    clearTimeout(timer)
  }
}

function toProblem(error: Error, request: string): Problem {
  if (error instanceof Failure) return { rule: error.message, expected: error.expected, got: error.got, request }
  if (error instanceof SqsCallError) {
    const got = `${error.status} ${error.shape ?? error.queryCode}: ${error.message}`
    return { rule: 'the call succeeds', expected: 'success', got, request }
  }
  const cause = error.cause instanceof Error ? ` (${error.cause.message})` : ''
  return { rule: 'the call succeeds', expected: 'an answer', got: `${error.name}: ${error.message}${cause}`, request }
}
