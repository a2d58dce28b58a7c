import { connect } from 'node:net'
import { MissingRival } from './rivals.ts'

const START_SECONDS_MAX = 60
const LOOK_EVERY_MS = 50

/**
 * Waits until a server takes connections.
 * @throws MissingRival when it has ended, or does not come
 */
export async function untilListens(port: number, hasEnded: () => boolean): Promise<void> {
  const lastMs = performance.now() + START_SECONDS_MAX * 1000
  while (!(await takesConnections(port))) {
    if (hasEnded() || performance.now() > lastMs) throw new MissingRival('it did not start')
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS))
  }
}

function takesConnections(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1' }, () => {
      socket.destroy()
      resolve(true)
    })
    socket.once('error', () => resolve(false))
  })
}
