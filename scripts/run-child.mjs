import { spawn } from 'node:child_process'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The directory of the repository. */
export const ROOT = dirname(dirname(fileURLToPath(import.meta.url)))

/** npm passes a signal on that the terminal has sent to everyone already; what comes this close together is one wish. */
const SAME_SIGNAL_MS = 500
const PARENT_CHECK_MS = 100

/**
 * Runs a program in the terminal, hands signals on to it, and takes over its way of ending: a failure ends this process
 * with the same exit code, or by the same signal.
 *
 * The child has a session of its own, so that a signal reaches it exactly once, through here. With `ipc` it has a channel
 * to this process, and `follow-parent.mjs` ends it when the channel breaks.
 */
export async function runChild(command, args, { cwd = ROOT, env = {}, ipc = false } = {}) {
  const child = spawn(command, args, {
    cwd,
    detached: true,
    env: { ...process.env, ...env },
    stdio: ['inherit', 'inherit', 'inherit', ...(ipc ? ['ipc'] : [])],
  })

  let lastSignalAt = Number.NEGATIVE_INFINITY
  const handOn = (signal) => {
    const now = performance.now()
    if (now - lastSignalAt > SAME_SIGNAL_MS) child.kill(signal)
    lastSignalAt = now
  }
  process.on('SIGINT', handOn).on('SIGTERM', handOn)
  const stopWatching = watchNpm(() => handOn('SIGTERM'))

  const [code, signal] = await new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('exit', (...ending) => resolve(ending))
  })
  process.off('SIGINT', handOn).off('SIGTERM', handOn)
  stopWatching()
  if (signal !== null) process.kill(process.pid, signal)
  else if (code !== 0) process.exitCode = code
}

/**
 * A killed npm must not leave a server behind that holds the port: calls back when npm, which ran us, has gone. The
 * scripts in `package.json` begin with `exec`, so that npm and nobody else is our parent.
 */
function watchNpm(onGone) {
  if (process.env.npm_lifecycle_event === undefined) return () => {}
  const npm = process.ppid
  const timer = setInterval(() => {
    if (process.ppid === npm) return
    clearInterval(timer)
    onGone()
  }, PARENT_CHECK_MS)
  return () => clearInterval(timer)
}
