import { isIP } from 'node:net'
import { type MasterKey, parseMasterKey } from '@stanchion/identity'
import { isLoopbackHost } from './http/loopback.ts'

/** The levels of the log, from silent to talkative; those of pino. */
export const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace'] as const
export type LogLevel = (typeof LOG_LEVELS)[number]

/** How traces are sampled; those of OpenTelemetry. */
export const TRACES_SAMPLERS = [
  'always_on',
  'always_off',
  'traceidratio',
  'parentbased_always_on',
  'parentbased_always_off',
  'parentbased_traceidratio',
] as const
export type TracesSampler = (typeof TRACES_SAMPLERS)[number]

/** Everything an operator can set, checked and frozen. One member per setting of {@link SETTINGS}. */
export interface Config {
  readonly host: string
  readonly port: number
  /** Absent: the embedded Postgres is started. */
  readonly databaseUrl: string | undefined
  readonly dataDir: string
  /** Without a trailing slash. Absent: queue URLs start with the host that the caller used. */
  readonly publicUrl: string | undefined
  readonly accountId: string
  readonly region: string
  /** `on`: every request needs an access key. */
  readonly auth: 'off' | 'on'
  /** What the secrets of access keys are sealed under. Absent: the server keeps none. */
  readonly masterKey: MasterKey | undefined
  /** `strict`: what SQS refuses for reasons of its own is refused here, too. */
  readonly compat: 'strict' | 'relaxed'
  readonly logLevel: LogLevel
  readonly databasePooler: 'none' | 'transaction'
  readonly listenDatabaseUrl: string | undefined
  readonly databasePoolSize: number
  readonly requestDeadlineMs: number
  readonly connectionsMax: number
  readonly queueLanes: number
  readonly statisticsIntervalMs: number
  readonly metricsQueuesMax: number
  /** Patterns of queue names. */
  readonly metricsQueuesAllow: readonly string[]
  readonly allowUnsafeDatabase: boolean
  /** Lower case, without ports. */
  readonly allowedHosts: readonly string[]
  /** Addresses and networks whose `X-Forwarded-*` headers are believed. */
  readonly trustedProxies: readonly string[]
  /** `on`: requests are traced. What follows is read then alone, and else has its default. */
  readonly telemetry: 'off' | 'on'
  /** Without a trailing slash. */
  readonly otlpEndpoint: string
  /** The whole address for traces, instead of one below `otlpEndpoint`. */
  readonly otlpTracesEndpoint: string | undefined
  readonly otlpProtocol: 'http/protobuf' | 'http/json'
  readonly serviceName: string | undefined
  readonly tracesSampler: TracesSampler
  /** From 0 to 1. */
  readonly tracesSamplerRatio: number
  readonly tracesExportDelayMs: number
}

/** How the text of a setting becomes its value; throws a {@link SettingProblem} when it cannot. */
type Read<T> = (text: string) => T

interface Setting<T> {
  readonly name: string
  /** The text that holds when the variable is absent or empty; `undefined` when there is none. */
  readonly default: string | undefined
  readonly read: Read<T>
}

/** What is wrong with one setting, worded to stand after its name. */
class SettingProblem extends Error {}

const anyText: Read<string> = (text) => text

const oneOf =
  <const T extends string>(...values: readonly T[]): Read<T> =>
  (text) => {
    const found = values.find((value) => value === text)
    if (found !== undefined) return found
    throw new SettingProblem(`must be one of ${values.map((value) => `"${value}"`).join(', ')}, not "${text}"`)
  }

const wholeNumber =
  (min: number, max: number): Read<number> =>
  (text) => {
    const value = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN
    if (value >= min && value <= max) return value
    throw new SettingProblem(`must be a whole number from ${min} to ${max}, not "${text}"`)
  }

const ratio: Read<number> = (text) => {
  const value = /^\d{1,3}(\.\d{1,15})?$/.test(text) ? Number(text) : Number.NaN
  if (value >= 0 && value <= 1) return value
  throw new SettingProblem(`must be a number from 0 to 1, not "${text}"`)
}

const matching =
  (pattern: RegExp, rule: string): Read<string> =>
  (text) => {
    if (pattern.test(text)) return text
    throw new SettingProblem(`must be ${rule}, not "${text}"`)
  }

// The text of a database URL is never repeated in a message: it may hold a password.
const postgresUrl: Read<string> = (text) => {
  if (!/^postgres(ql)?:\/\//.test(text) || !URL.canParse(text.replace('@/', '@localhost/'))) {
    throw new SettingProblem('must be a Postgres connection URL, such as postgres://user:password@host:5432/database')
  }
  return text
}

// Nor is a master key.
const masterKey: Read<MasterKey> = (text) => {
  const key = parseMasterKey(text)
  if (key !== undefined) return key
  throw new SettingProblem('must be 32 random bytes in base64 or hex, for example from "openssl rand -base64 32"')
}

const httpUrl: Read<string> = (text) => {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (
    url === undefined ||
    !/^https?:$/.test(url.protocol) ||
    url.search + url.hash + url.username + url.password !== ''
  ) {
    throw new SettingProblem('must be an http or https URL without user, query and fragment')
  }
  return `${url.origin}${url.pathname}`.replace(/\/+$/, '')
}

const hostNames: Read<readonly string[]> = (text) => {
  const names = text.split(',').map((name) => name.trim().toLowerCase())
  const wrong = names.find((name) => !/^(\[[0-9a-f:.]+\]|[a-z0-9]([a-z0-9.-]*[a-z0-9])?)$/.test(name))
  if (wrong !== undefined) {
    throw new SettingProblem(`must be host names without ports, separated by commas; "${wrong}" is none`)
  }
  return Object.freeze(names)
}

const queuePatterns: Read<readonly string[]> = (text) => {
  const patterns = text.split(',').map((pattern) => pattern.trim())
  const wrong = patterns.find((pattern) => !/^[A-Za-z0-9_.*-]+$/.test(pattern))
  if (wrong !== undefined) {
    throw new SettingProblem(
      `must be names of queues, in which * stands for any characters, separated by commas; "${wrong}" is none`,
    )
  }
  return Object.freeze(patterns)
}

const networks: Read<readonly string[]> = (text) => {
  const names = text.split(',').map((name) => name.trim())
  const wrong = names.find((name) => !isNetwork(name))
  if (wrong !== undefined) {
    throw new SettingProblem(
      `must be addresses or networks such as 10.0.0.0/8, separated by commas; "${wrong}" is none`,
    )
  }
  return Object.freeze(names)
}

function isNetwork(name: string): boolean {
  const [address = '', prefix, ...rest] = name.split('/')
  const bitsMax = isIP(address) === 6 ? 128 : 32
  if (isIP(address) === 0 || rest.length > 0) return false
  return prefix === undefined || (/^\d{1,3}$/.test(prefix) && Number(prefix) >= 1 && Number(prefix) <= bitsMax)
}

const yesOrNo: Read<boolean> = (text) => oneOf('true', 'false')(text) === 'true'

/**
 * The settings, one environment variable each. `.env.example` and `docs/reference/settings.md` give a sentence to every
 * one of them; a test holds the three lists against each other.
 */
export const SETTINGS = {
  host: { name: 'HOST', default: '127.0.0.1', read: matching(/^[^\s/]+$/, 'a host name or an address') },
  port: { name: 'PORT', default: '9324', read: wholeNumber(0, 65_535) },
  databaseUrl: { name: 'DATABASE_URL', default: undefined, read: postgresUrl },
  dataDir: { name: 'STANCHION_DATA_DIR', default: '.stanchion', read: anyText },
  publicUrl: { name: 'STANCHION_PUBLIC_URL', default: undefined, read: httpUrl },
  accountId: { name: 'STANCHION_ACCOUNT_ID', default: '000000000000', read: matching(/^\d{12}$/, 'twelve digits') },
  region: {
    name: 'STANCHION_REGION',
    default: 'us-east-1',
    read: matching(/^[a-z]{2,}(-[a-z]+)+-\d+$/, 'a region name such as us-east-1'),
  },
  auth: { name: 'STANCHION_AUTH', default: 'off', read: oneOf('off', 'on') },
  masterKey: { name: 'STANCHION_MASTER_KEY', default: undefined, read: masterKey },
  compat: { name: 'STANCHION_COMPAT', default: 'relaxed', read: oneOf('strict', 'relaxed') },
  logLevel: { name: 'STANCHION_LOG_LEVEL', default: 'info', read: oneOf(...LOG_LEVELS) },
  databasePooler: { name: 'STANCHION_DATABASE_POOLER', default: 'none', read: oneOf('none', 'transaction') },
  listenDatabaseUrl: { name: 'STANCHION_LISTEN_DATABASE_URL', default: undefined, read: postgresUrl },
  databasePoolSize: { name: 'STANCHION_DATABASE_POOL_SIZE', default: '16', read: wholeNumber(2, 1_000) },
  requestDeadlineMs: { name: 'STANCHION_REQUEST_DEADLINE_MS', default: '10000', read: wholeNumber(100, 60_000) },
  connectionsMax: { name: 'STANCHION_CONNECTIONS_MAX', default: '20000', read: wholeNumber(1, 1_000_000) },
  queueLanes: { name: 'STANCHION_QUEUE_LANES', default: '1', read: wholeNumber(1, 64) },
  statisticsIntervalMs: { name: 'STANCHION_STATISTICS_INTERVAL_MS', default: '5000', read: wholeNumber(50, 60_000) },
  metricsQueuesMax: { name: 'STANCHION_METRICS_QUEUES_MAX', default: '10000', read: wholeNumber(0, 1_000_000) },
  metricsQueuesAllow: { name: 'STANCHION_METRICS_QUEUES_ALLOW', default: undefined, read: queuePatterns },
  allowUnsafeDatabase: { name: 'STANCHION_ALLOW_UNSAFE_DATABASE', default: 'false', read: yesOrNo },
  allowedHosts: { name: 'STANCHION_ALLOWED_HOSTS', default: undefined, read: hostNames },
  trustedProxies: { name: 'STANCHION_TRUSTED_PROXIES', default: undefined, read: networks },
  telemetry: { name: 'STANCHION_TELEMETRY', default: 'off', read: oneOf('off', 'on') },
  otlpEndpoint: { name: 'OTEL_EXPORTER_OTLP_ENDPOINT', default: 'http://localhost:4318', read: httpUrl },
  otlpTracesEndpoint: { name: 'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT', default: undefined, read: httpUrl },
  otlpProtocol: {
    name: 'OTEL_EXPORTER_OTLP_PROTOCOL',
    default: 'http/protobuf',
    read: oneOf('http/protobuf', 'http/json'),
  },
  serviceName: { name: 'OTEL_SERVICE_NAME', default: undefined, read: anyText },
  tracesSampler: { name: 'OTEL_TRACES_SAMPLER', default: 'parentbased_always_on', read: oneOf(...TRACES_SAMPLERS) },
  tracesSamplerRatio: { name: 'OTEL_TRACES_SAMPLER_ARG', default: '1', read: ratio },
  tracesExportDelayMs: { name: 'OTEL_BSP_SCHEDULE_DELAY', default: '5000', read: wholeNumber(1, 600_000) },
} as const satisfies Record<keyof Config, Setting<unknown>>

/** Thrown by {@link loadConfig}: all that is wrong with the environment, one sentence each. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
  readonly problems: readonly string[]

  constructor(problems: readonly string[]) {
    super(`The settings are not usable:\n${problems.map((problem) => `  - ${problem}`).join('\n')}`)
    this.problems = problems
  }
}

/**
 * Reads the settings from an environment. Pure; an empty variable counts as absent.
 * @throws ConfigError with every problem at once, unknown `STANCHION_*` names included.
 */
export function loadConfig(env: Readonly<Record<string, string | undefined>>): Config {
  const problems: string[] = []
  function get<T>({ name, default: fallback, read }: Setting<T>, from = env): T | undefined {
    const text = from[name] || fallback
    if (text === undefined) return undefined
    try {
      return read(text)
    } catch (problem) {
      if (!(problem instanceof SettingProblem)) throw problem
      problems.push(`${name} ${problem.message}.`)
      return undefined
    }
  }

  const telemetry = get(SETTINGS.telemetry)
  // Whoever has no traces from here may have set these for somebody else.
  const telemetryEnv = telemetry === 'on' ? env : {}

  const config = {
    host: get(SETTINGS.host),
    port: get(SETTINGS.port),
    databaseUrl: get(SETTINGS.databaseUrl),
    dataDir: get(SETTINGS.dataDir),
    publicUrl: get(SETTINGS.publicUrl),
    accountId: get(SETTINGS.accountId),
    region: get(SETTINGS.region),
    auth: get(SETTINGS.auth),
    masterKey: get(SETTINGS.masterKey),
    compat: get(SETTINGS.compat),
    logLevel: get(SETTINGS.logLevel),
    databasePooler: get(SETTINGS.databasePooler),
    listenDatabaseUrl: get(SETTINGS.listenDatabaseUrl),
    databasePoolSize: get(SETTINGS.databasePoolSize),
    requestDeadlineMs: get(SETTINGS.requestDeadlineMs),
    connectionsMax: get(SETTINGS.connectionsMax),
    queueLanes: get(SETTINGS.queueLanes),
    statisticsIntervalMs: get(SETTINGS.statisticsIntervalMs),
    metricsQueuesMax: get(SETTINGS.metricsQueuesMax),
    metricsQueuesAllow: get(SETTINGS.metricsQueuesAllow) ?? Object.freeze([]),
    allowUnsafeDatabase: get(SETTINGS.allowUnsafeDatabase),
    allowedHosts: get(SETTINGS.allowedHosts) ?? Object.freeze([]),
    trustedProxies: get(SETTINGS.trustedProxies) ?? Object.freeze([]),
    telemetry,
    otlpEndpoint: get(SETTINGS.otlpEndpoint, telemetryEnv),
    otlpTracesEndpoint: get(SETTINGS.otlpTracesEndpoint, telemetryEnv),
    otlpProtocol: get(SETTINGS.otlpProtocol, telemetryEnv),
    serviceName: get(SETTINGS.serviceName, telemetryEnv),
    tracesSampler: get(SETTINGS.tracesSampler, telemetryEnv),
    tracesSamplerRatio: get(SETTINGS.tracesSamplerRatio, telemetryEnv),
    tracesExportDelayMs: get(SETTINGS.tracesExportDelayMs, telemetryEnv),
  }
  if (config.auth === 'off' && config.host !== undefined && !isLoopbackHost(config.host)) {
    problems.push(
      `HOST is ${config.host}, which other machines can reach, and STANCHION_AUTH=off lets every caller in. ` +
        'Use a loopback address such as 127.0.0.1, or STANCHION_AUTH=on.',
    )
  }
  if (config.auth === 'on' && config.masterKey === undefined && !env.STANCHION_MASTER_KEY) {
    problems.push('STANCHION_AUTH=on needs STANCHION_MASTER_KEY, which the secrets of access keys are sealed under.')
  }
  if (config.listenDatabaseUrl !== undefined && config.databaseUrl === undefined && !env.DATABASE_URL) {
    problems.push('STANCHION_LISTEN_DATABASE_URL is set without DATABASE_URL.')
  }
  for (const name of Object.keys(env).sort()) {
    if (name.startsWith('STANCHION_') && !KNOWN_NAMES.includes(name)) problems.push(unknownName(name))
  }
  if (problems.length > 0) throw new ConfigError(problems)
  // Whatever has no default and no problem has a value now.
  return Object.freeze(config as Config)
}

const KNOWN_NAMES: readonly string[] = Object.values(SETTINGS).map((setting) => setting.name)

function unknownName(name: string): string {
  const [nearest] = KNOWN_NAMES.map((known) => ({ known, distance: editDistance(name, known) })).sort(
    (a, b) => a.distance - b.distance,
  )
  const hint = nearest !== undefined && nearest.distance <= 6 ? ` Did you mean ${nearest.known}?` : ''
  return `${name} is not a setting.${hint}`
}

/** Levenshtein distance: how many letters must be added, removed or replaced to get from one name to the other. */
function editDistance(from: string, to: string): number {
  let previous = Array.from({ length: to.length + 1 }, (_, index) => index)
  for (let row = 1; row <= from.length; row += 1) {
    const current = [row]
    for (let column = 1; column <= to.length; column += 1) {
      const replaced = (previous[column - 1] ?? 0) + (from[row - 1] === to[column - 1] ? 0 : 1)
      current.push(Math.min(replaced, (previous[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1))
    }
    previous = current
  }
  return previous[to.length] ?? 0
}
