import type { Settings } from '../facts/read-settings.ts'
import { percent } from '../words/bytes.ts'
import { defineCheck } from './check.ts'

export const connectionsNearlyFull = defineCheck({
  id: 'connections-nearly-full',
  title: 'Postgres has connections left',
  needs: ['settings', 'connections'],
  examine({ settings, connections }, thresholds) {
    const available = connectionsAvailable(settings)
    const share = connections.used / available
    if (share < thresholds.connectionsShare) return []
    return [
      {
        severity: share >= thresholds.connectionsCriticalShare ? 'critical' : 'warning',
        subject: 'connections of Postgres',
        summary: `${connections.used} of ${available} connections are taken (${percent(share)}), ${connections.ofNodes} of them by Stanchion. At 100 % nodes get no new one and answer 503.`,
        advice:
          'See who has them: SELECT usename, application_name, count(*) FROM pg_stat_activity GROUP BY 1, 2 ORDER BY 3 DESC. Then lower STANCHION_DATABASE_POOL_SIZE, put a pooler in front, or raise max_connections, which needs a restart of Postgres.',
      },
    ]
  },
})

/** Connections that are not kept for superusers. */
export function connectionsAvailable(settings: Settings): number {
  return Math.max(
    1,
    settings.number('max_connections') -
      settings.number('superuser_reserved_connections') -
      settings.number('reserved_connections'),
  )
}
