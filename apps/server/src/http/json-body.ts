import { isUtf8 } from 'node:buffer'
import type { IncomingHttpHeaders } from 'node:http'
import type { FastifyInstance } from 'fastify'
import { HttpProblem } from './problem.ts'

/**
 * Makes JSON the only content type of this part of the app. The bytes must be UTF-8: a decoder would quietly replace
 * what is not, and the message stored would not be the message sent (G2). An empty body is no body, whatever its type.
 * Keys that could reach a prototype are refused, and so are bodies that are said to be compressed.
 */
export function acceptJsonOnly(app: FastifyInstance, bodyBytesMax: number): void {
  const parse = app.getDefaultJsonParser('error', 'error')
  app.removeAllContentTypeParsers()
  app.addContentTypeParser<Buffer>(
    'application/json',
    { parseAs: 'buffer', bodyLimit: bodyBytesMax },
    (request, body, done) => {
      if (body.length === 0) done(null, undefined)
      else if (isEncoded(request.headers)) {
        done(new HttpProblem('unsupportedMediaType', 'Send the body as it is, without a Content-Encoding.'))
      } else if (!isUtf8(body)) done(new HttpProblem('invalidRequest', 'The body is not UTF-8.'))
      else parse(request, body.toString(), done)
    },
  )
}

function isEncoded({ 'content-encoding': coding }: IncomingHttpHeaders): boolean {
  return coding !== undefined && coding.toLowerCase() !== 'identity'
}
