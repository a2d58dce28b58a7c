import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'

/** Kills a child as `kill -9` does and waits until it has gone. A child that has ended already is fine. */
export async function killProcess(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const gone = once(child, 'exit')
  child.kill('SIGKILL')
  await gone
}
