import type { Fault } from './fault.ts'

/** A server is gone between two instructions, with all that it had under way. */
export const killServer: Fault = {
  name: 'kill-server',
  about: 'kill -9 of a server, started again',
  hits: 'server',
  async inject({ server }) {
    await server.kill()
    return () => server.start()
  },
}

/** A server stands still and goes on later, as if nothing had happened: its work is late, its clients are gone. */
export const pauseServer: Fault = {
  name: 'pause-server',
  about: 'SIGSTOP of a server, then SIGCONT',
  hits: 'server',
  async inject({ server }) {
    server.signal('SIGSTOP')
    return async () => server.signal('SIGCONT')
  },
}

/** A server ends in order, as at a deployment. */
export const restartServer: Fault = {
  name: 'restart-server',
  about: 'SIGTERM of a server, started again',
  hits: 'server',
  isOrderly: true,
  async inject({ server }) {
    await server.stop()
    return () => server.start()
  },
}
