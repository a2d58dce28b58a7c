import { readFileSync } from 'node:fs'
import { describe, expect, it } from '@jest/globals'
import { ConfigError, loadConfig, SETTINGS } from './config.ts'

const NAMES = Object.values(SETTINGS).map((setting) => setting.name)

function problemsOf(env: Record<string, string>): readonly string[] {
  try {
    loadConfig(env)
  } catch (error) {
    if (error instanceof ConfigError) return error.problems
    throw error
  }
  return []
}

function readFromRoot(path: string): string {
  return readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8')
}

describe('loadConfig', () => {
  it('needs no setting at all, and its result cannot be changed', () => {
    const config = loadConfig({ PATH: '/bin', HOME: '/root' })
    expect(config).toMatchObject({
      host: '127.0.0.1',
      port: 9324,
      databaseUrl: undefined,
      dataDir: '.stanchion',
      accountId: '000000000000',
      region: 'us-east-1',
      auth: 'off',
      databasePooler: 'none',
      allowUnsafeDatabase: false,
      allowedHosts: [],
    })
    expect(Object.isFrozen(config)).toBe(true)
    expect(Object.isFrozen(config.allowedHosts)).toBe(true)
  })

  it('reports every problem at once', () => {
    const problems = problemsOf({
      PORT: '70000',
      STANCHION_ACCOUNT_ID: '1',
      STANCHION_REGION: 'here',
      DATABASE_URL: 'x',
    })
    expect(problems).toHaveLength(4)
    expect(problems.join()).toMatch(/PORT.*DATABASE_URL.*STANCHION_ACCOUNT_ID.*STANCHION_REGION/s)
  })

  it('refuses an unknown name and says which one may be meant', () => {
    expect(problemsOf({ STANCHION_REGON: 'eu-west-1' })).toEqual([
      'STANCHION_REGON is not a setting. Did you mean STANCHION_REGION?',
    ])
    expect(problemsOf({ STANCHION_SOMETHING_ELSE_ALTOGETHER: '1' })).toEqual([
      'STANCHION_SOMETHING_ELSE_ALTOGETHER is not a setting.',
    ])
  })

  it('refuses an address that others can reach while every caller is let in', () => {
    for (const host of ['0.0.0.0', '::', '192.168.1.4', 'queues.example']) {
      expect(problemsOf({ HOST: host }).join()).toMatch(/STANCHION_AUTH=off.*STANCHION_AUTH=on/)
    }
    for (const host of ['127.0.0.1', '127.1.2.3', 'localhost', '::1']) expect(problemsOf({ HOST: host })).toEqual([])
  })

  it('never repeats a database URL, which may hold a password', () => {
    expect(
      problemsOf({ DATABASE_URL: 'mysql://u:secret@h/d', STANCHION_LISTEN_DATABASE_URL: 'secret' }).join(),
    ).not.toContain('secret')
  })

  it('takes database URLs over sockets, and public URLs without their last slash', () => {
    const config = loadConfig({
      DATABASE_URL: 'postgres://user@/db?host=/var/run',
      STANCHION_PUBLIC_URL: 'https://queues.example/base/',
      STANCHION_ALLOWED_HOSTS: 'Stanchion, queues.example',
    })
    expect(config.databaseUrl).toBe('postgres://user@/db?host=/var/run')
    expect(config.publicUrl).toBe('https://queues.example/base')
    expect(config.allowedHosts).toEqual(['stanchion', 'queues.example'])
  })

  it('reads the variables of OpenTelemetry while requests are traced, and else leaves them to others', () => {
    const env = { OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc', OTEL_TRACES_SAMPLER: 'jaeger_remote', OTEL_SERVICE_NAME: 'shop' }
    expect(loadConfig(env)).toMatchObject({ telemetry: 'off', otlpProtocol: 'http/protobuf', serviceName: undefined })
    expect(
      loadConfig({
        STANCHION_TELEMETRY: 'on',
        OTEL_EXPORTER_OTLP_ENDPOINT: 'https://collector.example/otlp/',
        OTEL_TRACES_SAMPLER: 'traceidratio',
        OTEL_TRACES_SAMPLER_ARG: '0.25',
        OTEL_SERVICE_NAME: 'queues',
      }),
    ).toMatchObject({
      otlpEndpoint: 'https://collector.example/otlp',
      tracesSampler: 'traceidratio',
      tracesSamplerRatio: 0.25,
      serviceName: 'queues',
    })
  })

  it.each([
    { PORT: '-1' },
    { PORT: '1.5' },
    { PORT: ' 80' },
    { PORT: '0x50' },
    { STANCHION_AUTH: 'on' },
    { STANCHION_AUTH: 'yes' },
    { STANCHION_MASTER_KEY: 'short' },
    { STANCHION_LOG_LEVEL: 'INFO' },
    { STANCHION_DATABASE_POOLER: 'session' },
    { STANCHION_ALLOW_UNSAFE_DATABASE: 'yes' },
    { STANCHION_PUBLIC_URL: 'ftp://x' },
    { STANCHION_PUBLIC_URL: 'https://x/?y' },
    { STANCHION_ALLOWED_HOSTS: 'a:80' },
    { STANCHION_ALLOWED_HOSTS: '*' },
    { STANCHION_TRUSTED_PROXIES: 'proxy.example' },
    { STANCHION_TRUSTED_PROXIES: '10.0.0.0/33' },
    { STANCHION_TRUSTED_PROXIES: '0.0.0.0/0' },
    { STANCHION_TRUSTED_PROXIES: '10.0.0.1,' },
    { STANCHION_REQUEST_DEADLINE_MS: '99' },
    { STANCHION_CONNECTIONS_MAX: '0' },
    { STANCHION_LISTEN_DATABASE_URL: 'postgres://localhost/x' },
    { STANCHION_TELEMETRY: 'true' },
    { STANCHION_TELEMETRY: 'on', OTEL_EXPORTER_OTLP_ENDPOINT: 'localhost:4317' },
    { STANCHION_TELEMETRY: 'on', OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc' },
    { STANCHION_TELEMETRY: 'on', OTEL_TRACES_SAMPLER: 'sometimes' },
    { STANCHION_TELEMETRY: 'on', OTEL_TRACES_SAMPLER_ARG: '1.1' },
    { STANCHION_TELEMETRY: 'on', OTEL_TRACES_SAMPLER_ARG: '-0' },
    { STANCHION_TELEMETRY: 'on', OTEL_BSP_SCHEDULE_DELAY: '0' },
  ])('refuses %j', (env) => {
    expect(problemsOf(env)).toHaveLength(1)
  })
})

describe('the pages about settings', () => {
  it('.env.example names every setting and no other, with its default', () => {
    const named = [...readFromRoot('.env.example').matchAll(/^#? ?([A-Z_]+)=(.*)$/gm)]
    expect(named.map((match) => match[1]).sort()).toEqual([...NAMES].sort())
    for (const { name, default: fallback } of Object.values(SETTINGS)) {
      if (fallback !== undefined) expect(named.find((match) => match[1] === name)?.[2]).toBe(fallback)
    }
  })

  it('docs/reference/settings.md names every setting and no other, with its default', () => {
    const rows = [...readFromRoot('docs/reference/settings.md').matchAll(/^\| `([A-Z_]+)` \| ([^|]*) \| ([^|]+) \|$/gm)]
    expect(rows.map((row) => row[1]).sort()).toEqual([...NAMES].sort())
    for (const { name, default: fallback } of Object.values(SETTINGS)) {
      expect(rows.find((row) => row[1] === name)?.[2]?.trim()).toBe(fallback === undefined ? '' : `\`${fallback}\``)
    }
  })
})
