import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from '../run-child.mjs'

const STORE = join(ROOT, 'node_modules', '.pnpm')
const INSTALL_SCRIPTS = ['preinstall', 'install', 'postinstall']

/** Every package of others that is installed: name, version, licence, and whether it runs something when it is installed. */
export function installedPackages() {
  const packages = new Map()
  for (const entry of readdirSync(STORE)) {
    const modules = join(STORE, entry, 'node_modules')
    if (!existsSync(modules)) continue
    for (const directory of packageDirectories(modules)) {
      const manifest = readManifest(directory)
      // What is linked into the place of another package stands in a place of its own, too.
      if (manifest === undefined || !entry.startsWith(`${manifest.name.replace('/', '+')}@`)) continue
      packages.set(`${manifest.name}@${manifest.version}`, {
        name: manifest.name,
        version: manifest.version,
        licence: licenceOf(manifest),
        runsAtInstall:
          INSTALL_SCRIPTS.some((script) => manifest.scripts?.[script] !== undefined) ||
          existsSync(join(directory, 'binding.gyp')),
      })
    }
  }
  return [...packages.values()].sort((a, b) => (`${a.name}@${a.version}` < `${b.name}@${b.version}` ? -1 : 1))
}

function packageDirectories(modules) {
  return readdirSync(modules).flatMap((name) =>
    name.startsWith('@')
      ? readdirSync(join(modules, name)).map((inner) => join(modules, name, inner))
      : join(modules, name),
  )
}

function readManifest(directory) {
  try {
    const manifest = JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8'))
    return manifest.name === undefined || manifest.version === undefined ? undefined : manifest
  } catch {
    return undefined
  }
}

/** Old packages list objects under `licenses`. */
function licenceOf({ license, licenses }) {
  if (typeof license === 'string') return license
  if (typeof license?.type === 'string') return license.type
  const types = Array.isArray(licenses) ? licenses.map((each) => each.type ?? each) : []
  return types.length === 0 ? '' : `(${types.join(' OR ')})`
}
