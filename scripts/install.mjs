import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { quietly } from './quietly.mjs'
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
  const install = ['--yes', PNPM, 'install', '--frozen-lockfile', '--prod=false', '--config.ignore-scripts=false']
  await quietly('npx', install, { cwd: ROOT, task: 'Installing' })
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
