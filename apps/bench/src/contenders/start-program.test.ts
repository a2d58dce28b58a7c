import { readFileSync } from 'node:fs'
import { setImmediate } from 'node:timers/promises'
import { expect, it } from '@jest/globals'
import { freePort } from '@stanchion/testing'
import { startOther } from './start-program.ts'

it('a program that is not ours stands still, goes on, and ends while it stands still', async () => {
  const port = await freePort()
  const args = ['-e', `require('node:net').createServer().listen(${port}, '127.0.0.1')`]
  const program = await startOther({ command: process.execPath, args, port })
  const isStill = () => readFileSync(`/proc/${program.pid}/stat`, 'utf8').split(' ')[2] === 'T'
  const becomes = async (still: boolean) => {
    while (isStill() !== still) await setImmediate()
  }
  expect(isStill()).toBe(false)
  program.suspend()
  await becomes(true)
  program.resume()
  await becomes(false)
  program.suspend()
  await becomes(true)
  await program.stop()
  expect(isStill).toThrow('ENOENT')
})
