import type { Fault } from './fault.ts'

/**
 * A deployment, and its way back: the first server of the newest version migrates the database while the others, older ones, work on it;
 * later ones find a newer schema already.
 */
export const upgradeServer: Fault = {
  name: 'upgrade-server',
  about: 'an older server is replaced by the newest one, which migrates the database, and comes back',
  hits: 'server',
  isOrderly: true,
  needs: ({ oldServer }) =>
    oldServer === undefined ? 'no older version is given: --old-server with a checkout of one' : undefined,
  async inject({ server }) {
    await server.stop()
    await server.start('newest')
    return async () => {
      await server.stop()
      await server.start('older')
    }
  },
}
