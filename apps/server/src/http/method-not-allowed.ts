import type { FastifyInstance } from 'fastify'
import { sendProblem } from './problem-handler.ts'

/**
 * Lets every address of this part of the app answer 405 to the methods it does not have. Call it first: the addresses
 * are learnt as they are registered; call what it returns last.
 */
export function answerOtherMethods(app: FastifyInstance): () => void {
  const methodsByUrl = new Map<string, Set<string>>()
  app.addHook('onRoute', ({ url, method }) => {
    const methods = methodsByUrl.get(url) ?? new Set()
    for (const name of [method].flat()) methods.add(name)
    methodsByUrl.set(url, methods)
  })
  return () => {
    for (const [url, methods] of [...methodsByUrl]) {
      const allow = [...methods].join(', ')
      const others = app.supportedMethods.filter((method) => !methods.has(method))
      const path = url.slice(app.prefix.length)
      app.route({
        method: others,
        url: path,
        schema: { hide: true },
        // Before the body is read: what it holds does not matter here.
        onRequest: (request, reply, _done) => {
          reply.header('allow', allow)
          sendProblem(request, reply, 'methodNotAllowed', `${request.method} is not available here, but ${allow}.`)
        },
        handler: async () => undefined,
      })
    }
  }
}
