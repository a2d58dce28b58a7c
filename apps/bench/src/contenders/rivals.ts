import { execFile } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

/** Where rivals are kept between runs. They are no dependencies: whoever runs no benchmark need not fetch them. */
const CACHE = fileURLToPath(new URL('../../node_modules/.cache/rivals/', import.meta.url))
const INSTALL_SECONDS_MAX = 300

/** The versions that are measured. */
export const RIVAL_VERSIONS = {
  'pg-boss': '12.38.0',
  fauxqs: '2.4.1',
  pgmq: '0.34.0-alpha.7',
  amqplib: '2.3.1',
  nats: '2.29.3',
  elasticmq: '1.6.12',
} as const

/** Why a contender cannot take part; the run goes on without it. */
export class MissingRival extends Error {
  override readonly name = 'MissingRival'
}

/**
 * Fetches a package from npm, unless that was done before.
 * @returns its directory
 * @throws MissingRival
 */
export async function fromNpm(name: 'pg-boss' | 'fauxqs' | 'amqplib' | 'nats'): Promise<string> {
  const version = RIVAL_VERSIONS[name]
  const home = join(CACHE, `${name}-${version}`)
  const directory = join(home, 'node_modules', name)
  if (existsSync(join(home, 'complete'))) return directory
  mkdirSync(home, { recursive: true })
  writeFileSync(join(home, 'package.json'), JSON.stringify({ private: true }))
  await fetch('npm', ['install', '--ignore-scripts', '--no-audit', '--no-fund', `${name}@${version}`], home)
  writeFileSync(join(home, 'complete'), '')
  return directory
}

/**
 * Fetches the SQL of pgmq, which its Rust crate carries.
 * @returns the file
 * @throws MissingRival
 */
export async function pgmqSql(): Promise<string> {
  const home = join(CACHE, `pgmq-${RIVAL_VERSIONS.pgmq}`)
  const file = join(home, 'vendor', 'pgmq', 'src', 'install', 'embedded', 'sql', 'pgmq.sql')
  if (existsSync(file)) return file
  mkdirSync(join(home, 'src'), { recursive: true })
  writeFileSync(join(home, 'src', 'lib.rs'), '')
  writeFileSync(
    join(home, 'Cargo.toml'),
    '[package]\nname = "rival"\nversion = "0.0.0"\nedition = "2021"\n[dependencies]\n' +
      `pgmq = { version = "=${RIVAL_VERSIONS.pgmq}", default-features = false }\n[workspace]\n`,
  )
  await fetch('cargo', ['vendor', '--quiet', 'vendor'], home)
  return file
}

/**
 * Fetches ElasticMQ and what it needs from Maven.
 * @returns the class path
 * @throws MissingRival
 */
export async function elasticMqClassPath(): Promise<string> {
  const home = join(CACHE, `elasticmq-${RIVAL_VERSIONS.elasticmq}`)
  const libraries = join(home, 'libraries')
  if (!existsSync(libraries)) {
    mkdirSync(home, { recursive: true })
    writeFileSync(join(home, 'pom.xml'), elasticMqPom())
    const goal = 'org.apache.maven.plugins:maven-dependency-plugin:copy-dependencies'
    await fetch('mvn', ['--batch-mode', '--quiet', goal, `-DoutputDirectory=${libraries}`], home)
  }
  const jars = readdirSync(libraries).map((name) => join(libraries, name))
  return jars.join(':')
}

function elasticMqPom(): string {
  return `<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion><groupId>rival</groupId><artifactId>rival</artifactId><version>0</version>
  <dependencies><dependency>
    <groupId>org.elasticmq</groupId><artifactId>elasticmq-server_2.13</artifactId><version>${RIVAL_VERSIONS.elasticmq}</version>
  </dependency></dependencies>
</project>
`
}

/** Runs a package manager. */
async function fetch(command: string, args: readonly string[], cwd: string): Promise<void> {
  try {
    await promisify(execFile)(command, args, { cwd, timeout: INSTALL_SECONDS_MAX * 1000 })
  } catch (error) {
    const { stderr = '', code } = error as { stderr?: string; code?: unknown }
    const why = code === 'ENOENT' ? `this machine has no ${command}` : stderr.trim().split('\n').slice(-2).join(' ')
    throw new MissingRival(why || `${command} did not end in time`)
  }
}
