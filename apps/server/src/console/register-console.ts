import { randomBytes } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import fastifyStatic from '@fastify/static'
import type { FastifyInstance, FastifyReply } from 'fastify'

/** What `vite build` makes of apps/console. */
const CONSOLE_DIRECTORY = fileURLToPath(new URL('../../../console/dist', import.meta.url))

/** Stands in the page where the nonce of its answer goes. */
const NONCE_PLACEHOLDER = '__CSP_NONCE__'

const NOT_BUILT = 'The console is not built. "npm start" builds it; elsewhere run "npm run build:console".\n'

/**
 * Serves the web console at `/console`. It is a page like any other client: it asks the REST API with the key of whoever
 * signs in, so nothing here needs a key.
 */
export async function registerConsole(app: FastifyInstance, directory = CONSOLE_DIRECTORY): Promise<void> {
  const page = existsSync(join(directory, 'index.html'))
    ? readFileSync(join(directory, 'index.html'), 'utf8')
    : undefined
  if (page !== undefined) {
    // Their names hold a hash of what is in them, so they never change.
    await app.register(fastifyStatic, {
      root: join(directory, 'assets'),
      prefix: '/console/assets/',
      immutable: true,
      maxAge: '365d',
      preCompressed: true,
      decorateReply: false,
      index: false,
      setHeaders: (reply) => {
        reply.header('x-content-type-options', 'nosniff')
      },
    })
  }
  // Every address below is one page: the console decides in the browser what it shows.
  for (const url of ['/console', '/console/', '/console/*']) {
    app.get(url, { schema: { hide: true } }, (_request, reply) => {
      if (page === undefined) return reply.code(503).type('text/plain; charset=utf-8').send(NOT_BUILT)
      return sendPage(reply, page)
    })
  }
}

function sendPage(reply: FastifyReply, page: string) {
  const nonce = randomBytes(18).toString('base64')
  return reply
    .headers({
      'content-security-policy': contentSecurityPolicy(nonce),
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
      'cross-origin-opener-policy': 'same-origin',
      'cache-control': 'no-store',
    })
    .type('text/html; charset=utf-8')
    .send(page.replaceAll(NONCE_PLACEHOLDER, nonce))
}

/**
 * Nothing from elsewhere, nothing inline, no frame around it: what a message holds can never become a program, whatever a page
 * does with it. Styles made at run time carry the nonce.
 */
function contentSecurityPolicy(nonce: string): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self' 'nonce-${nonce}'`,
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ')
}
