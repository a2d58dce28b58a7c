import { execFileSync } from 'node:child_process'
import { randomBytes, randomInt } from 'node:crypto'
import { chmodSync, chownSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { startTestPostgres, type TestPostgres } from '@stanchion/testing'
import pg from 'pg'
import { loadConfig } from '../../src/config.ts'
import { createLogger } from '../../src/logger.ts'
import { type RunningServer, startServer } from '../../src/start-server.ts'

/** An address of this machine alone, so that the port can be the usual one. Only Linux answers to all of 127.0.0.0/8. */
const ADDRESS = `127.${randomInt(1, 255)}.${randomInt(1, 255)}.${randomInt(1, 255)}`

let postgres: TestPostgres
let certificates: string

/** Makes a certificate authority and, by it, a certificate for a name. */
function makeCertificate(name: string, subjectAltName: string): void {
  const file = (ending: string) => join(certificates, `${name}${ending}`)
  const openssl = (...args: string[]) => execFileSync('openssl', args, { stdio: 'pipe' })
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes']
  openssl(
    'req',
    '-x509',
    ...key,
    '-days',
    '2',
    '-subj',
    `/CN=${name} CA`,
    '-keyout',
    file('-ca.key'),
    '-out',
    file('-ca.pem'),
  )
  openssl('req', ...key, '-subj', `/CN=${name}`, '-keyout', file('.key'), '-out', file('.csr'))
  writeFileSync(file('.ext'), `subjectAltName=${subjectAltName}\n`)
  const signing = ['-CA', file('-ca.pem'), '-CAkey', file('-ca.key'), '-CAcreateserial', '-days', '2']
  openssl('x509', '-req', '-in', file('.csr'), ...signing, '-extfile', file('.ext'), '-out', file('.pem'))
}

async function query(text: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: postgres.url })
  await client.connect()
  try {
    return (await client.query(text)).rows
  } finally {
    await client.end()
  }
}

/** Lets the database show this certificate from now on. */
async function present(name: string): Promise<void> {
  for (const [setting, value] of [
    ['ssl_cert_file', join(certificates, `${name}.pem`)],
    ['ssl_key_file', join(certificates, `${name}.key`)],
    ['ssl', 'on'],
  ]) {
    await query(`ALTER SYSTEM SET ${setting} = '${value}'`)
  }
  await query('SELECT pg_reload_conf()')
  while ((await query('SHOW ssl_cert_file'))[0]?.ssl_cert_file !== join(certificates, `${name}.pem`));
}

function start(parameters: string): Promise<RunningServer> {
  const config = loadConfig({
    DATABASE_URL: `postgres://postgres@${ADDRESS}/stanchion?${parameters}`,
    STANCHION_MASTER_KEY: randomBytes(32).toString('base64'),
    PORT: '0',
  })
  return startServer(config, createLogger('fatal'))
}

const verifying = (ca: string) =>
  `sslmode=verify-full&sslrootcert=${encodeURIComponent(join(certificates, `${ca}-ca.pem`))}`

const onLinux = process.platform === 'linux' ? describe : describe.skip

onLinux('a Postgres that is reached over TLS alone', () => {
  beforeAll(async () => {
    postgres = await startTestPostgres({ listen_addresses: ADDRESS })
    const [{ directory } = {}] = await query(`SELECT current_setting('data_directory') AS directory`)
    const { uid, gid } = statSync(String(directory))
    certificates = mkdtempSync(join(tmpdir(), 'stanchion-certificates-'))
    chmodSync(certificates, 0o755)
    makeCertificate('right', `IP:${ADDRESS},DNS:localhost`)
    makeCertificate('other', 'DNS:other.example')
    for (const name of ['right', 'other']) {
      chmodSync(join(certificates, `${name}.key`), 0o600)
      chownSync(join(certificates, `${name}.key`), uid, gid)
    }
    writeFileSync(join(String(directory), 'pg_hba.conf'), 'local all all trust\nhostssl all all 127.0.0.0/8 trust\n')
    await present('right')
  })
  afterAll(async () => {
    await postgres?.drop()
    rmSync(certificates, { recursive: true })
  })

  it('G34 is served with every connection of the node encrypted, when its certificate is verified', async () => {
    const server = await start(verifying('right'))
    try {
      const created = await fetch(`${server.baseUrl}/v1/queues`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: '{"name":"over-tls"}',
      })
      expect(created.status).toBe(201)
      expect((await fetch(`${server.baseUrl}/v1/access-keys`)).status).toBe(200)
      expect((await fetch(`${server.baseUrl}/v1/doctor`)).status).toBe(200)
      const connections = await query(
        `SELECT application_name, ssl, version FROM pg_stat_ssl JOIN pg_stat_activity USING (pid)
         WHERE client_addr IS NOT NULL AND application_name <> ''`,
      )
      const names = new Set(connections.map(({ application_name }) => application_name))
      for (const name of ['stanchion', 'stanchion catalogue', 'stanchion keys']) expect([...names]).toContain(name)
      for (const connection of connections) expect(connection).toMatchObject({ ssl: true, version: 'TLSv1.3' })
    } finally {
      await server.stop()
    }
  })

  it.each([
    [
      'with a certificate of another authority',
      () => verifying('other'),
      /self-signed|unable to (verify|get)|certificate/,
    ],
    [
      'of no known authority, even where the mode only requires TLS',
      () => 'sslmode=require',
      /self-signed|unable to (verify|get)|certificate/,
    ],
    ['where TLS is not asked for', () => 'sslmode=disable', /pg_hba|no encryption/],
  ])('G34 is refused %s', async (_what, parameters, reason) => {
    await expect(start(parameters())).rejects.toThrow(reason)
  })

  it('G34 is refused with a certificate for another name', async () => {
    await present('other')
    try {
      await expect(start(verifying('other'))).rejects.toThrow(/does not match|altnames/)
    } finally {
      await present('right')
    }
  })
})
