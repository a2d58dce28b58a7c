/**
 * Holds what comes from others against what is allowed: the lockfile, install scripts, licences, advisories. With
 * `--sbom FILE` the bill of materials (CycloneDX) is written there. What needs the registry is skipped with a word where
 * that does not answer.
 */
import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { parse } from 'yaml'
import { billOfMaterials } from './dependencies/bill-of-materials.mjs'
import { installedPackages } from './dependencies/installed-packages.mjs'
import { licenceProblems } from './dependencies/licences.mjs'
import { PNPM } from './install.mjs'
import { ROOT } from './run-child.mjs'

const AUDIT_PATIENCE_MS = 60_000
/** Below it an advisory is reported and does not fail. */
const SEVERITIES_THAT_FAIL = ['moderate', 'high', 'critical']

const read = (file) => readFileSync(join(ROOT, file), 'utf8')
const { values: options } = parseArgs({ options: { sbom: { type: 'string' } } })
const lockfile = parse(read('pnpm-lock.yaml'))
const workspace = parse(read('pnpm-workspace.yaml'))
const packages = installedPackages()

/** One check a line: what it says when all is well, and what is wrong. `skipped` says why it could not look. */
const checks = [checkLockfile, checkPins, checkInstallScripts, checkLicences, checkAdvisories, checkBillOfMaterials]

let failed = false
for (const check of checks) {
  const { what, problems = [], skipped } = check()
  if (skipped !== undefined) console.log(`skipped: ${what}: ${skipped}`)
  else console.log(`${problems.length === 0 ? 'ok' : 'FAILED'}: ${what}`)
  for (const problem of problems) console.log(`  - ${problem}`)
  failed ||= problems.length > 0
}
process.exitCode = failed ? 1 : 0

function pnpm(...args) {
  return spawnSync('npx', ['--yes', PNPM, ...args], { cwd: ROOT, encoding: 'utf8', timeout: AUDIT_PATIENCE_MS })
}

function checkLockfile() {
  const { status, stdout } = pnpm('install', '--frozen-lockfile', '--lockfile-only', '--offline')
  const what = 'the lockfile is that of the package files'
  return { what, problems: status === 0 ? [] : [stdout.trim().split('\n').at(-1)] }
}

/** What is fetched is known by its hash, and what is asked for by one version. */
function checkPins() {
  const unhashed = Object.entries(lockfile.packages)
    .filter(([, { resolution }]) => !resolution.integrity?.startsWith('sha512-') || resolution.tarball !== undefined)
    .map(([name]) => `${name} is not fetched from the registry by its SHA-512`)
  const files = Object.keys(lockfile.importers).map((name) => join(name, 'package.json'))
  const ranges = files.flatMap((file) => {
    const { dependencies, devDependencies, optionalDependencies } = JSON.parse(read(file))
    return Object.entries({ ...dependencies, ...devDependencies, ...optionalDependencies })
      .filter(([, version]) => !/^(\d+\.\d+\.\d+(-[\w.]+)?|workspace:\*|catalog:)$/.test(version))
      .map(([name, version]) => `${file} asks for ${name} ${version}, which is not one version`)
  })
  return {
    what: `${Object.keys(lockfile.packages).length} packages are pinned by version and hash`,
    problems: [...unhashed, ...ranges],
  }
}

function checkInstallScripts() {
  const known = new Set([...workspace.onlyBuiltDependencies, ...workspace.ignoredBuiltDependencies])
  const problems = packages
    .filter(({ name, runsAtInstall }) => runsAtInstall && !known.has(name))
    .map(
      ({ name, version }) =>
        `${name} ${version} runs scripts when it is installed and is in no list of pnpm-workspace.yaml`,
    )
  if (workspace.strictDepBuilds !== true) problems.push('strictDepBuilds is not on in pnpm-workspace.yaml')
  return { what: 'only packages that were allowed to run scripts when they are installed', problems }
}

function checkLicences() {
  return {
    what: `the licences of ${packages.length} installed packages are allowed`,
    problems: licenceProblems(packages),
  }
}

function checkAdvisories() {
  const what = 'no advisory is about a package in use'
  const { stdout, error } = pnpm('audit', '--json')
  const report = parseJson(stdout)
  if (error !== undefined || report?.advisories === undefined) {
    return { what, skipped: report?.error?.code ?? error?.message ?? 'the registry does not answer' }
  }
  const found = Object.values(report.advisories)
  const problems = found
    .filter(({ severity }) => SEVERITIES_THAT_FAIL.includes(severity))
    .map(({ module_name: name, severity, title, url }) => `${name}: ${severity}: ${title} (${url})`)
  return { what: `${what} (${found.length - problems.length} of low severity)`, problems }
}

function checkBillOfMaterials() {
  const integrities = new Map(
    Object.entries(lockfile.packages).map(([name, { resolution }]) => [name, resolution.integrity]),
  )
  const text = billOfMaterials(packages, integrities)
  if (options.sbom !== undefined) writeFileSync(options.sbom, text)
  const { components } = JSON.parse(text)
  const problems = components
    .filter(({ hashes }) => hashes === undefined)
    .map(({ purl }) => `${purl} is not in the lockfile`)
  const where = options.sbom === undefined ? '' : `, written to ${options.sbom}`
  return { what: `the bill of materials has ${components.length} components${where}`, problems }
}

function parseJson(text) {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
