import { AsyncLocalStorage } from 'node:async_hooks'
import { setTimeout as after } from 'node:timers/promises'
import {
  detectResources,
  envDetector,
  resourceFromAttributes,
  serviceInstanceIdDetector,
} from '@opentelemetry/resources'
import {
  AlwaysOffSampler,
  AlwaysOnSampler,
  BatchSpanProcessor,
  ParentBasedSampler,
  type Sampler,
  type SpanExporter,
  TraceIdRatioBasedSampler,
  TracerProvider,
} from '@opentelemetry/sdk-trace'
import type { Logger } from 'pino'
import type { Config, TracesSampler } from '../config.ts'
import { addRequestSpans, type RequestSpan } from './request-spans.ts'
import type { Telemetry } from './telemetry.ts'
import { traceEngine } from './trace-engine.ts'

/** What a stop waits for a collector at most. */
const STOP_TIMEOUT_MS = 3_000
const SERVICE_NAME = 'stanchion'

/** Starts to make and to export traces. Registers nothing globally: what else runs in the process has its own. */
export async function startTelemetry(config: Config, logger: Logger): Promise<Telemetry> {
  const exporter = tellFailures(await createExporter(config), logger)
  const provider = new TracerProvider({
    sampler: samplerOf(config.tracesSampler, config.tracesSamplerRatio),
    resource: resourceOf(config),
    spanProcessors: [new BatchSpanProcessor({ exporter, scheduledDelayMillis: config.tracesExportDelayMs })],
  })
  const tracer = provider.getTracer('@stanchion/server')
  const requests = new AsyncLocalStorage<RequestSpan>()
  let stopping: Promise<void> | undefined
  return {
    watch: (scope, door) => addRequestSpans(scope, door, tracer, requests),
    trace: (engine) => traceEngine(engine, requests),
    stop() {
      // What could not be exported has been told by then.
      stopping ??= Promise.race([
        provider.shutdown().catch(() => undefined),
        after(STOP_TIMEOUT_MS, undefined, { ref: false }),
      ])
      return stopping
    },
  }
}

/** Headers, compression, certificates and the time limit it takes from the variables of OpenTelemetry. */
async function createExporter({ otlpEndpoint, otlpTracesEndpoint, otlpProtocol }: Config): Promise<SpanExporter> {
  const url = otlpTracesEndpoint ?? `${otlpEndpoint}/v1/traces`
  const { OTLPTraceExporter } =
    otlpProtocol === 'http/json'
      ? await import('@opentelemetry/exporter-trace-otlp-http')
      : await import('@opentelemetry/exporter-trace-otlp-proto')
  return new OTLPTraceExporter({ url })
}

/** An exporter whose failures the log tells: the first of a row, and its end. */
function tellFailures(exporter: SpanExporter, logger: Logger): SpanExporter {
  let isFailing = false
  return {
    export(spans, done) {
      exporter.export(spans, (result) => {
        const { error } = result
        if (error !== undefined && !isFailing) {
          logger.warn({ reason: error.message }, 'traces could not be exported, and are lost until they can')
        }
        if (error === undefined && isFailing) logger.info({}, 'traces are exported again')
        isFailing = error !== undefined
        done(result)
      })
    },
    forceFlush: () => exporter.forceFlush?.() ?? Promise.resolve(),
    shutdown: () => exporter.shutdown(),
  }
}

function resourceOf({ serviceName }: Config) {
  return resourceFromAttributes({ 'service.name': SERVICE_NAME })
    .merge(detectResources({ detectors: [serviceInstanceIdDetector, envDetector] }))
    .merge(resourceFromAttributes(serviceName === undefined ? {} : { 'service.name': serviceName }))
}

function samplerOf(name: TracesSampler, ratio: number): Sampler {
  const root = name.endsWith('always_on')
    ? new AlwaysOnSampler()
    : name.endsWith('always_off')
      ? new AlwaysOffSampler()
      : new TraceIdRatioBasedSampler(ratio)
  return name.startsWith('parentbased_') ? new ParentBasedSampler({ root }) : root
}
