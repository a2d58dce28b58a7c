import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals'

const run = promisify(execFile)
const PACKAGE = fileURLToPath(new URL('..', import.meta.url))
const TSC = join(PACKAGE, 'node_modules', 'typescript', 'bin', 'tsc')

// It builds, packs and installs, at the same time as other tests.
jest.setTimeout(120_000)

let project: string

beforeAll(async () => {
  const { packageManager } = JSON.parse(await readFile(join(PACKAGE, '../../package.json'), 'utf8'))
  project = await mkdtemp(join(tmpdir(), 'stanchion-client-'))
  await run('npx', ['--yes', packageManager, 'pack', '--pack-destination', project], { cwd: PACKAGE })
  await writeFile(join(project, 'package.json'), '{ "type": "module" }')
  await run('npm', ['install', '--offline', '--no-audit', './stanchion-client-0.1.0.tgz'], { cwd: project })
})

afterAll(() => rm(project, { recursive: true, force: true }))

describe('the published package', () => {
  it('brings nothing but itself', async () => {
    const { stdout } = await run('npm', ['ls', '--all', '--parseable'], { cwd: project })
    expect(stdout.trim().split('\n')).toHaveLength(2)
    const installed = join(project, 'node_modules/@stanchion/client')
    const { dependencies, exports } = JSON.parse(await readFile(join(installed, 'package.json'), 'utf8'))
    expect(dependencies).toBeUndefined()
    expect(exports).toEqual({ '.': { types: './dist/index.d.ts', default: './dist/index.js' } })
    expect(await readFile(join(installed, 'LICENSE'), 'utf8')).toContain('Apache License')
    expect(await readFile(join(installed, 'README.md'), 'utf8')).toContain('createClient')
  })

  it('is imported by plain Node', async () => {
    const program = `
      import * as stanchion from '@stanchion/client'
      const client = stanchion.createClient({ baseUrl: 'http://127.0.0.1:9324' })
      console.log(client.queue('orders').name, Object.keys(stanchion).join())`
    await writeFile(join(project, 'main.js'), program)
    const { stdout, stderr } = await run(process.execPath, ['main.js'], { cwd: project })
    expect(stderr).toBe('')
    expect(stdout).toBe(
      `orders ${Object.keys(await import('../src/index.ts'))
        .sort()
        .join()}\n`,
    )
  })

  it('brings types that tell what is wrong', async () => {
    const program = `
      import { createClient, type Message } from '@stanchion/client'
      const queue = createClient({ baseUrl: 'http://127.0.0.1:9324' }).queue('orders')
      const messages: Message[] = await queue.receive({ maxMessages: 10 })
      // @ts-expect-error a misspelt member
      await queue.send({ body: 'x', delaySecond: 5 })
      export const bodies: string[] = messages.map(({ body }) => body)`
    await writeFile(join(project, 'main.ts'), program)
    const options = ['--noEmit', '--strict', '--module', 'nodenext', '--target', 'es2022', '--lib', 'es2022,dom']
    await run(process.execPath, [TSC, ...options, 'main.ts'], { cwd: project }).catch((error) => {
      throw new Error(error.stdout)
    })
  })
})
