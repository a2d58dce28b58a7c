import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { python, runClients } from '@stanchion/conformance-clients'
import { withLocalServer } from '../with-local-server.ts'

/** The entry point: schemathesis makes requests from the spec, right and wrong ones, and holds the answers against it. */

const USAGE = `usage: npm run check:schemathesis -- [--examples 50] [--seed 1] [--require] [--install-minutes 30]

It starts the server of this repository, on the Postgres of DATABASE_URL, which is full of queues afterwards, or an embedded one. So many
examples are made for each operation, the same for the same seed. Where Python or its packages are not to be had it is skipped; with --require that is a failure.`

const HOME = fileURLToPath(new URL('../..', import.meta.url))
const SPEC = fileURLToPath(new URL('../../../../openapi.yaml', import.meta.url))
const NAME = 'schemathesis'
/** How long everything may take: at first, and for each example that is made for all operations. */
const TIME_LIMIT_MS = 5 * 60_000
const TIME_LIMIT_EACH_MS = 10_000
const STEPS = ['requests-of-the-spec', 'requests-about-keys']

function readOptions() {
  try {
    const { values } = parseArgs({
      options: {
        examples: { type: 'string', default: '50' },
        seed: { type: 'string', default: '1' },
        require: { type: 'boolean', default: false },
        'install-minutes': { type: 'string', default: '30' },
      },
    })
    const { examples, seed, require: isRequired, 'install-minutes': minutes } = values
    if (!/^[1-9]\d{0,5}$/.test(examples)) throw new Error('--examples is a number from 1 on.')
    if (!/^\d{1,9}$/.test(seed)) throw new Error('--seed is a number.')
    if (!/^\d{1,4}$/.test(minutes)) throw new Error('--install-minutes is a number.')
    return { examples, seed, required: isRequired ? [NAME] : [], installMinutes: Number(minutes) }
  } catch (error) {
    console.error(`${(error as Error).message}\n${USAGE}`)
    process.exit(2)
  }
}

const { examples, seed, required, installMinutes } = readOptions()
await withLocalServer((server) =>
  runClients({
    clients: [
      {
        name: NAME,
        // It writes files where it runs.
        toolchain: {
          ...python,
          start: (client, places) => ({ ...python.start(client, places), cwd: places.installed }),
        },
        home: HOME,
        directory: NAME,
        manifest: 'requirements.txt',
        program: 'check.py',
        timeLimitMs: TIME_LIMIT_MS + Number(examples) * TIME_LIMIT_EACH_MS,
        steps: STEPS,
      },
    ],
    required,
    installMinutes,
    environment: () => ({
      STANCHION_URL: server.url,
      STANCHION_ACCESS_KEY: `${server.accessKeyId}.${server.secretAccessKey}`,
      STANCHION_SPEC: SPEC,
      STANCHION_EXAMPLES: examples,
      STANCHION_SEED: seed,
    }),
    print: console.log,
  }),
)
