import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { quietly } from './quietly.mjs'
import { ROOT } from './run-child.mjs'

const CONSOLE = join(ROOT, 'apps', 'console')
const STAMP = join(CONSOLE, 'dist', '.stamp')

/** Builds the web console when its sources are not those of the last build; an image that holds only the build keeps it. */
export async function buildConsoleIfNeeded() {
  if (!existsSync(join(CONSOLE, 'src'))) return
  const wanted = fingerprint()
  if (existsSync(STAMP) && readFileSync(STAMP, 'utf8') === wanted) return

  const started = Date.now()
  process.stderr.write('Building the console ...\n')
  const vite = join(CONSOLE, 'node_modules', 'vite', 'bin', 'vite.js')
  await quietly(process.execPath, [vite, 'build', '--logLevel', 'warn'], {
    cwd: CONSOLE,
    task: 'Building the console',
    // Tests run in an environment of their own, and would get the console with all of React's warnings.
    env: { NODE_ENV: 'production' },
  })
  writeFileSync(STAMP, wanted)
  process.stderr.write(`Built in ${Math.round((Date.now() - started) / 1_000)} s.\n`)
}

/** Changes with everything that the build reads, but for what `package.json` and the lockfile pin. */
function fingerprint() {
  const hash = createHash('sha256')
  const runbooks = join(ROOT, 'docs', 'operate', 'runbooks')
  const sources = [join(CONSOLE, 'src'), join(ROOT, 'packages', 'client', 'src'), runbooks].flatMap(filesIn)
  const settings = ['index.html', 'package.json', 'render-runbook.mjs', 'vite.config.mjs'].map((name) =>
    join(CONSOLE, name),
  )
  for (const file of [...settings, join(ROOT, 'pnpm-lock.yaml'), ...sources]) {
    hash.update(`${file.slice(ROOT.length)}\n`).update(readFileSync(file))
  }
  return hash.digest('hex')
}

function filesIn(directory) {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.name.includes('.test.'))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
}
