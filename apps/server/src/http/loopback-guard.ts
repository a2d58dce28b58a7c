import type { IncomingMessage } from 'node:http'
import type { onRequestHookHandler } from 'fastify'
import { isLoopbackHost } from './loopback.ts'
import type { HttpProblemCode } from './problem.ts'
import { sendProblem } from './problem-handler.ts'

/** Host names under which requests are taken, besides those of this machine. */
export interface GuardOptions {
  readonly publicUrl: string | undefined
  readonly allowedHosts: readonly string[]
}

interface Refusal {
  readonly code: HttpProblemCode
  readonly detail: string
}

/** Why a request is not taken, if it is not. */
export type LoopbackCheck = (request: Pick<IncomingMessage, 'headers' | 'rawHeaders'>) => Refusal | undefined

/** Refuses what a {@link LoopbackCheck} refuses. */
export function createLoopbackGuard(check: LoopbackCheck): onRequestHookHandler {
  return (request, reply, done) => {
    const refusal = check(request.raw)
    if (refusal === undefined) done()
    else sendProblem(request, reply, refusal.code, refusal.detail)
  }
}

/**
 * Keeps web pages away from a server that lets every caller in. Any page a developer visits can send requests to
 * 127.0.0.1: plain ones carry an `Origin` or `Sec-Fetch-Site`, and those of a name that the page's owner has rebound to
 * 127.0.0.1 carry that name as their `Host`. Programs send none of these.
 */
export function createLoopbackCheck(options: GuardOptions): LoopbackCheck {
  const publicUrl = options.publicUrl === undefined ? undefined : new URL(options.publicUrl)
  const allowed = new Set(options.allowedHosts)
  if (publicUrl !== undefined) allowed.add(publicUrl.hostname)
  // The few Host values that real clients send, so that each is parsed once.
  const seen = new Set<string>()

  function isAllowedHost(host: string): boolean {
    if (seen.has(host)) return true
    const name = hostName(host)
    if (name === undefined || !(isLoopbackHost(name) || allowed.has(name))) return false
    if (seen.size < 100) seen.add(host)
    return true
  }

  return ({ headers, rawHeaders }) => {
    const { host, origin } = headers
    if (typeof host !== 'string' || hasTwoHosts(rawHeaders)) {
      return { code: 'hostNotAllowed', detail: 'Exactly one Host header is required.' }
    }
    if (!isAllowedHost(host)) {
      return {
        code: 'hostNotAllowed',
        detail: 'The Host of the request is not a name of this server; STANCHION_ALLOWED_HOSTS adds names.',
      }
    }
    if (origin !== undefined && !isOwnOrigin(origin, host, publicUrl?.origin)) {
      return { code: 'foreignOrigin', detail: 'The request comes from a web page of another origin.' }
    }
    const site = headers['sec-fetch-site']
    if (site === 'cross-site' || site === 'same-site') {
      return { code: 'foreignOrigin', detail: 'The request comes from a web page of another site.' }
    }
    return undefined
  }
}

/** The name in a Host header, without its port and in lower case; `undefined` when it is not one. */
function hostName(host: string): string | undefined {
  return /^(\[[0-9a-f:.]+\]|[a-z0-9._-]+)(:\d{1,5})?$/.exec(host.toLowerCase())?.[1]
}

/** Node keeps the first of two Host headers and a proxy in front may have kept the second. */
function hasTwoHosts(rawHeaders: readonly string[]): boolean {
  let hosts = 0
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index]
    if (name?.length === 4 && name.toLowerCase() === 'host') hosts += 1
  }
  return hosts > 1
}

function isOwnOrigin(origin: string | string[], host: string, publicOrigin: string | undefined): boolean {
  return origin === `http://${host}` || origin === `https://${host}` || origin === publicOrigin
}
