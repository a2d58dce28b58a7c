/**
 * The way into every task: `node scripts/run.mjs <task> [arguments]`. Installs what is missing and runs the task on the
 * pinned Node. It runs on whatever Node (20 or newer) the machine has, before anything is installed, so it needs nothing
 * but that.
 */
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { buildConsoleIfNeeded } from './build-console.mjs'
import { directoriesIn, installIfNeeded, PNPM } from './install.mjs'
import { ROOT, runChild } from './run-child.mjs'

// The npm package puts the program itself here; node_modules/.bin has a shell script, which would swallow signals.
const NODE = join(ROOT, 'node_modules', 'node', 'bin', 'node')
const FOLLOW_PARENT = new URL('./follow-parent.mjs', import.meta.url).href
const BIOME = join(ROOT, 'node_modules', '@biomejs', 'biome', 'bin', 'biome')
const JEST = join(ROOT, 'node_modules', 'jest', 'bin', 'jest.js')
const SPECTRAL = join(ROOT, 'node_modules', '@stoplight', 'spectral-cli', 'dist', 'index.js')

const node = (args, options) =>
  runChild(NODE, ['--disable-warning=ExperimentalWarning', '--import', FOLLOW_PARENT, ...args], {
    ipc: true,
    // Compiled code is kept, so that a second start need not compile it again.
    env: { NODE_COMPILE_CACHE: join(ROOT, 'node_modules', '.cache', 'compiled') },
    ...options,
  })

const TASKS = {
  // In the caller's directory, because STANCHION_DATA_DIR is relative to it.
  start: async (args) => {
    await buildConsoleIfNeeded()
    await node([join(ROOT, 'apps/server/src/main.ts'), ...args], { cwd: process.cwd() })
  },
  'build:console': buildConsoleIfNeeded,
  bench: (args) => node([join(ROOT, 'apps/bench/src/main.ts'), ...args], { cwd: process.cwd() }),
  torture: (args) => node([join(ROOT, 'apps/torture/src/main.ts'), ...args], { cwd: process.cwd() }),
  'torture:mutants': (args) => node([join(ROOT, 'apps/torture/src/mutants/main.ts'), ...args], { cwd: process.cwd() }),
  'torture:failover': (args) =>
    node([join(ROOT, 'apps/torture/src/failover/main.ts'), ...args], { cwd: process.cwd() }),
  conformance: (args) => node([join(ROOT, 'apps/conformance/src/main.ts'), ...args], { cwd: process.cwd() }),
  'conformance:clients': (args) =>
    node([join(ROOT, 'apps/conformance-clients/src/main.ts'), ...args], { cwd: process.cwd() }),
  'sdk:check': (args) => node([join(ROOT, 'apps/sdk-check/src/main.ts'), ...args], { cwd: process.cwd() }),
  'spec:breaking': (args) => node([join(ROOT, 'apps/sdk-check/src/breaking/main.ts'), ...args]),
  'check:schemathesis': (args) =>
    node([join(ROOT, 'apps/sdk-check/src/schemathesis/main.ts'), ...args], { cwd: process.cwd() }),
  keys: (args) => node([join(ROOT, 'apps/server/src/keys.ts'), ...args], { cwd: process.cwd() }),
  stanchion: (args) => node([join(ROOT, 'apps/cli/src/main.ts'), ...args], { cwd: process.cwd() }),
  test: (args) => node(['--experimental-vm-modules', JEST, '--config', join(ROOT, 'jest.config.mjs'), ...args]),
  lint: async (args) => {
    await node([BIOME, 'ci', '.', ...args])
    await node([
      SPECTRAL,
      'lint',
      join(ROOT, 'openapi.yaml'),
      join(ROOT, 'openapi-3.0.yaml'),
      '--fail-severity=hint',
      '--quiet',
    ])
  },
  format: (args) => node([BIOME, 'check', '--write', '.', ...args]),
  // Through pnpm, because turbo runs the packages' own scripts with it.
  typecheck: (args) =>
    runChild('npx', ['--yes', PNPM, 'exec', 'turbo', 'run', 'typecheck', '--output-logs=errors-only', ...args], {
      env: { TURBO_TELEMETRY_DISABLED: '1', DO_NOT_TRACK: '1', TURBO_NO_UPDATE_NOTIFIER: '1' },
    }),
  // In the caller's directory, because the file of --sbom is relative to it.
  'check:dependencies': (args) => node([join(ROOT, 'scripts/check-dependencies.mjs'), ...args], { cwd: process.cwd() }),
  generate: (args) => runGenerators(args),
  verify: (args) => runGenerators(['--check', ...args]),
}

/** Every generator is `src/scripts/generate-*.ts` of a package; with `--check` it writes nothing and fails on a difference. */
async function runGenerators(args) {
  const generators = ['apps', 'packages'].flatMap(directoriesIn).flatMap((name) => {
    const directory = join(ROOT, name, 'src', 'scripts')
    if (!existsSync(directory)) return []
    return readdirSync(directory)
      .filter((file) => /^generate-[a-z-]+\.ts$/.test(file))
      .map((file) => join(directory, file))
  })
  // All of them, so that one run shows every file that is out of date.
  for (const generator of generators) await node([generator, ...args])
}

const [name = '', ...args] = process.argv.slice(2)
const task = Object.hasOwn(TASKS, name) ? TASKS[name] : undefined
if (task === undefined) {
  console.error(`usage: node scripts/run.mjs ${Object.keys(TASKS).join('|')} [arguments]`)
  process.exit(2)
}
await installIfNeeded()
await task(args)
