import { spawn } from 'node:child_process'

/**
 * Runs a program that is not ours and ends it, with all that it has started, when this one is told to stop or its parent has gone. Tells
 * its parent the id of the program, or why there is none.
 */
const [command = '', uid = '', ...args] = process.argv.slice(2)
const child = spawn(command, args, {
  stdio: ['ignore', 'ignore', 'ignore'],
  // A group of its own, to be ended as one.
  detached: true,
  ...(uid === '' ? {} : { uid: Number(uid) }),
})
child.once('spawn', () => process.send?.({ pid: child.pid }))
child.once('error', (error) => process.send?.({ error: error.message }))
child.once('exit', () => process.exit(0))
process.once('SIGTERM', () => {
  if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL')
})
