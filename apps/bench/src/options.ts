import { parseArgs } from 'node:util'
import { parseEndpoint } from './clients/endpoint.ts'
import { CONTENDERS, type ContenderName, FETCHED, INSTALLED } from './contenders/index.ts'
import { BUILD_SCENARIOS, ENDPOINT_SCENARIOS, SCENARIOS, type Scenario } from './scenarios.ts'

/** What a run is asked to do. */
export interface Options {
  readonly scenarios: readonly Scenario[]
  readonly seconds: number
  readonly rounds: number
  readonly scale: number
  readonly minutesMax: number
  readonly endpoint: string | undefined
  readonly build: string | undefined
  readonly takesPart: (name: ContenderName) => boolean
  readonly json: string | undefined
  readonly markdown: string | undefined
  readonly charts: string | undefined
}

const RIVALS = ['none', 'fetched', 'all'] as const

const USAGE = `usage: npm run bench -- [options]

  --scenario TEXT      those whose name contains the text, and those of further --scenario; all when absent
  --seconds 10         how long an entrant's round lasts
  --rounds 3           how often the entrants take turns
  --rivals fetched     none; fetched: pgmq, pg-boss and fauxqs, fetched at the first run; all: those that must be
                       installed too (RabbitMQ from Debian's package, ElasticMQ through Java and Maven)
  --only NAME          a single contender, by its whole name
  --endpoint URL       compare Stanchion with whatever speaks SQS there
  --protocol json      how the endpoint is called: json or query
  --build DIRECTORY    compare this checkout of Stanchion with another one
  --scale 1            divides backlogs and numbers of queues, for a quick look
  --minutes-max 120    stops the run then and reports what there is
  --json FILE, --markdown FILE, --charts DIRECTORY
                       keep the result`

/** A command line that makes no sense. The message says why, and how it is done. */
export class UsageError extends Error {
  override readonly name = 'UsageError'

  constructor(problem: string) {
    super(`${problem}\n\n${USAGE}`)
  }
}

/**
 * Reads the command line.
 * @throws UsageError
 */
export function readOptions(args: readonly string[]): Options {
  const { values } = parse(args)
  const { endpoint, build, protocol, rivals, only } = values
  if (endpoint !== undefined) check('endpoint', () => parseEndpoint(endpoint))
  if (protocol !== 'json' && protocol !== 'query') throw new UsageError('--protocol is json or query')
  if (only !== undefined && !Object.hasOwn(CONTENDERS, only)) {
    throw new UsageError(`--only is one of ${Object.keys(CONTENDERS).join('; ')}`)
  }
  if (!isRivals(rivals)) throw new UsageError(`--rivals is ${RIVALS.join(', ')}`)
  const all = [
    ...SCENARIOS,
    ...(build === undefined ? [] : BUILD_SCENARIOS),
    ...(endpoint === undefined ? [] : withProtocol(protocol)),
  ]
  // With somebody to compare with, nothing else is meant unless it is asked for.
  const others = all.slice(SCENARIOS.length)
  const texts = values.scenario
  const unknown = texts?.find((text) => !all.some(({ name }) => name.includes(text)))
  if (unknown !== undefined) {
    const names = all.map(({ name }) => `  ${name}`).join('\n')
    throw new UsageError(`no scenario is called ${unknown}; there are:\n${names}`)
  }
  const unasked = others.length > 0 ? others : all
  const scenarios = texts === undefined ? unasked : all.filter(({ name }) => texts.some((text) => name.includes(text)))
  const absent: readonly ContenderName[] =
    rivals === 'all' ? [] : rivals === 'fetched' ? INSTALLED : [...FETCHED, ...INSTALLED]
  return {
    scenarios,
    seconds: positive('seconds', values.seconds),
    rounds: positive('rounds', values.rounds),
    scale: positive('scale', values.scale),
    minutesMax: positive('minutes-max', values['minutes-max']),
    endpoint,
    build,
    takesPart: (name) => (only === undefined ? !absent.includes(name) : name === only),
    json: values.json,
    markdown: values.markdown,
    charts: values.charts,
  }
}

function parse(args: readonly string[]) {
  return check('', () =>
    parseArgs({
      args: [...args],
      options: {
        seconds: { type: 'string', default: '10' },
        rounds: { type: 'string', default: '3' },
        scenario: { type: 'string', multiple: true },
        scale: { type: 'string', default: '1' },
        only: { type: 'string' },
        rivals: { type: 'string', default: 'fetched' },
        endpoint: { type: 'string' },
        protocol: { type: 'string', default: 'json' },
        build: { type: 'string' },
        'minutes-max': { type: 'string', default: '120' },
        json: { type: 'string' },
        markdown: { type: 'string' },
        charts: { type: 'string' },
      },
    }),
  )
}

function check<T>(option: string, read: () => T): T {
  try {
    return read()
  } catch (error) {
    throw new UsageError(`${option === '' ? '' : `--${option}: `}${(error as Error).message}`)
  }
}

function positive(option: string, text: string): number {
  const value = Number(text)
  if (!(value > 0) || !Number.isFinite(value)) throw new UsageError(`--${option} is a number above 0, and not ${text}`)
  return value
}

function isRivals(text: string): text is (typeof RIVALS)[number] {
  return (RIVALS as readonly string[]).includes(text)
}

function withProtocol(protocol: 'json' | 'query'): readonly Scenario[] {
  if (protocol === 'json') return ENDPOINT_SCENARIOS
  return ENDPOINT_SCENARIOS.map(
    (scenario) =>
      ({
        ...scenario,
        entrants: scenario.entrants.map((entrant) =>
          entrant.contender === 'endpoint' ? { ...entrant, contender: 'endpoint, Query' } : entrant,
        ),
      }) as Scenario,
  )
}
