import type { FastifyRequest } from 'fastify'

/** Whether a request speaks AWS JSON; what does not, speaks Query. */
export function isJsonRequest({ headers }: FastifyRequest): boolean {
  return headers['x-amz-target'] !== undefined || headers['content-type']?.startsWith('application/x-amz-json') === true
}

/** The serializer of text that is JSON already. Without one Fastify adds a charset to the content type. */
export function keepText(text: unknown): string {
  return text as string
}
