import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from './run-child.mjs'

/** The package manager with its version, as `package.json` pins it: `pnpm@x.y.z`. */
export const PNPM = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')).packageManager

const STAMP = join(ROOT, 'node_modules', '.stanchion-install')

/**
 * Installs the dependencies when they are not there, or not the ones that the lockfile and the package files ask for now.
 * A stamp in node_modules remembers what was installed, so that later starts need neither time nor a network for it.
 */
export async function installIfNeeded() {
  const wanted = fingerprint()
  if (existsSync(STAMP) && readFileSync(STAMP, 'utf8') === wanted) return

  const started = Date.now()
  process.stderr.write('Installing what is missing (the first time this takes a minute at most) ...\n')
  // --prod=false: NODE_ENV=production must not leave out the Node and the tools that the tasks run on.
  await quietly('npx', ['--yes', PNPM, 'install', '--frozen-lockfile', '--prod=false', '--config.ignore-scripts=false'])
  writeFileSync(STAMP, wanted)
  process.stderr.write(`Installed in ${Math.round((Date.now() - started) / 1_000)} s.\n`)
}

/** Changes with everything that decides what belongs in node_modules. */
function fingerprint() {
  const packages = ['apps', 'packages', 'examples'].flatMap(directoriesIn).map((name) => join(name, 'package.json'))
  const hash = createHash('sha256').update(`${process.platform}-${process.arch}\n`)
  for (const file of ['pnpm-lock.yaml', 'pnpm-workspace.yaml', '.npmrc', 'package.json', ...packages]) {
    const path = join(ROOT, file)
    if (existsSync(path)) hash.update(`${file}\n`).update(readFileSync(path))
  }
  return hash.digest('hex')
}

/** The directories in a directory of the repository, by their path from its top. */
export function directoriesIn(group) {
  const path = join(ROOT, group)
  if (!existsSync(path)) return []
  return readdirSync(path)
    .sort()
    .map((name) => join(group, name))
}

/** Runs a command and shows what it said only when it fails; then ends this process with its exit code. */
async function quietly(command, args) {
  const child = spawn(command, args, {
    cwd: ROOT,
    // CI: never ask, for example before replacing a node_modules that something else has made.
    env: { ...process.env, CI: 'true' },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const output = []
  child.stdout.on('data', (chunk) => output.push(chunk))
  child.stderr.on('data', (chunk) => output.push(chunk))
  const code = await new Promise((resolve) => {
    child.on('error', (error) => {
      output.push(Buffer.from(`${error.message}\n`))
      resolve(1)
    })
    child.on('close', (status) => resolve(status ?? 1))
  })
  if (code === 0) return
  process.stderr.write(Buffer.concat(output))
  process.stderr.write(`Installing failed: ${command} ${args.join(' ')}\n`)
  process.exit(code)
}
