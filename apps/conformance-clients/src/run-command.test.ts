import { tmpdir } from 'node:os'
import { describe, expect, it } from '@jest/globals'
import { whatIsMissing } from './detect.ts'
import { runCommand } from './run-command.ts'
import { python } from './toolchains/python.ts'

const cwd = tmpdir()
const script = (text: string) => ({ command: process.execPath, args: ['-e', text] })
// Starts a process of its own that never ends and holds the output open.
const LEAVE_ONE_BEHIND = `
  const forever = ['-e', 'setInterval(() => {}, 1000)']
  require('node:child_process').spawn(process.execPath, forever, { stdio: 'inherit' }).unref()`

describe('a command', () => {
  it('gives its exit code and what it printed to both streams', async () => {
    const text = 'console.log("one"); console.error("two"); process.exitCode = 3'
    const result = await runCommand(script(text), { cwd, timeLimitMs: 60_000 })
    expect(result).toMatchObject({ exitCode: 3, timedOut: false })
    expect(result.output.split('\n').sort()).toEqual(['', 'one', 'two'])
  })

  it('is ended when its time is over', async () => {
    const result = await runCommand(script('setInterval(() => {}, 1000)'), { cwd, timeLimitMs: 300 })
    expect(result).toMatchObject({ exitCode: undefined, timedOut: true })
  })

  it('leaves no process behind', async () => {
    // While one lives, the output stays open and the command does not end.
    const result = await runCommand(script(LEAVE_ONE_BEHIND), { cwd, timeLimitMs: 5_000 })
    expect(result).toMatchObject({ exitCode: 0, timedOut: false })
  })

  it('does not get the settings for AWS of the caller', async () => {
    process.env.AWS_PROFILE = 'of-the-caller'
    try {
      const print = script('console.log(process.env.AWS_PROFILE, process.env.MINE)')
      const result = await runCommand({ ...print, env: { MINE: 'yes' } }, { cwd, timeLimitMs: 60_000 })
      expect(result.output).toBe('undefined yes\n')
    } finally {
      delete process.env.AWS_PROFILE
    }
  })
})

describe('a toolchain', () => {
  it('is missing with a word why, when a command of it is not there', async () => {
    const needs = [{ command: 'no-such-tool-9', args: [], before: '', atLeast: [1, 0] }] as const
    expect(await whatIsMissing({ ...python, needs })).toBe('there is no no-such-tool-9')
  })
})
