import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'

/** The values of attributes, by their names. */
export type Attributes = Readonly<Record<string, string | number | undefined>>

/** A span as it was exported. */
export interface ExportedSpan {
  readonly name: string
  readonly kind: number
  readonly traceId: string
  readonly spanId: string
  readonly parentSpanId: string | undefined
  readonly attributes: Attributes
  readonly links: readonly { readonly traceId: string; readonly spanId: string; readonly attributes: Attributes }[]
  readonly events: readonly { readonly name: string; readonly attributes: Attributes }[]
  readonly statusCode: number
  readonly resource: Attributes
}

/** Something that takes OTLP over HTTP and keeps what it is given. */
export interface OtlpCollector {
  readonly url: string
  /** Every request as it came. */
  readonly requests: readonly { readonly path: string; readonly contentType: string; readonly body: Buffer }[]
  /** Every span of the requests in JSON. */
  readonly spans: readonly ExportedSpan[]
  stop(): void
}

/** Starts one. @param status what it answers */
export async function startOtlpCollector(status = 200): Promise<OtlpCollector> {
  const requests: { path: string; contentType: string; body: Buffer }[] = []
  const spans: ExportedSpan[] = []
  const server = createServer(async (request, response) => {
    const body = await readAll(request)
    const contentType = request.headers['content-type'] ?? ''
    requests.push({ path: request.url ?? '', contentType, body })
    if (contentType === 'application/json') spans.push(...spansOf(JSON.parse(body.toString())))
    response.writeHead(status, { 'content-type': contentType }).end(contentType === 'application/json' ? '{}' : '')
  })
  const { promise, resolve } = Promise.withResolvers<void>()
  server.listen(0, '127.0.0.1', resolve)
  await promise
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    spans,
    stop() {
      server.close()
      server.closeAllConnections()
    },
  }
}

async function readAll(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks)
}

interface OtlpValue {
  readonly stringValue?: string
  readonly intValue?: string | number
}

interface OtlpAttribute {
  readonly key: string
  readonly value: OtlpValue
}

interface OtlpSpan {
  readonly name: string
  readonly kind: number
  readonly traceId: string
  readonly spanId: string
  readonly parentSpanId?: string
  readonly attributes?: OtlpAttribute[]
  readonly links?: { traceId: string; spanId: string; attributes?: OtlpAttribute[] }[]
  readonly events?: { name: string; attributes?: OtlpAttribute[] }[]
  readonly status?: { code?: number }
}

/** An ExportTraceServiceRequest in the JSON of OTLP. */
interface OtlpRequest {
  readonly resourceSpans: {
    readonly resource: { readonly attributes: OtlpAttribute[] }
    readonly scopeSpans: { readonly spans: OtlpSpan[] }[]
  }[]
}

function spansOf({ resourceSpans }: OtlpRequest): ExportedSpan[] {
  return resourceSpans.flatMap(({ resource, scopeSpans }) =>
    scopeSpans.flatMap(({ spans }) => spans.map((span) => toExportedSpan(span, attributesOf(resource.attributes)))),
  )
}

function toExportedSpan(
  { name, kind, traceId, spanId, parentSpanId, attributes, links = [], events = [], status }: OtlpSpan,
  resource: Attributes,
): ExportedSpan {
  return {
    name,
    kind,
    traceId,
    spanId,
    parentSpanId,
    attributes: attributesOf(attributes),
    links: links.map((link) => ({ ...link, attributes: attributesOf(link.attributes) })),
    events: events.map((event) => ({ name: event.name, attributes: attributesOf(event.attributes) })),
    statusCode: status?.code ?? 0,
    resource,
  }
}

function attributesOf(attributes: OtlpAttribute[] = []): Attributes {
  return Object.fromEntries(
    attributes.map(({ key, value }) => [
      key,
      value.stringValue ?? (value.intValue === undefined ? undefined : Number(value.intValue)),
    ]),
  )
}
