import { count } from '../words/duration.ts'
import { defineCheck } from './check.ts'
import { connectionsAvailable } from './connections-nearly-full.ts'

export const poolsExceedConnections = defineCheck({
  id: 'pools-exceed-connections',
  title: 'Postgres has room for the pools of all nodes',
  needs: ['settings', 'connections', 'node'],
  examine({ settings, connections, node }) {
    const available = connectionsAvailable(settings)
    const nodes = Math.max(1, connections.nodesReporting)
    const wanted = nodes * node.connectionsMax
    if (wanted <= available) return []
    return [
      {
        severity: 'warning',
        subject: 'connections of Postgres',
        summary: `${count(nodes, 'node')} with up to ${node.connectionsMax} connections each may want ${wanted}, and Postgres has ${available} for them: under load some get none and answer 503.`,
        advice: `Lower STANCHION_DATABASE_POOL_SIZE (it is ${node.poolSizeMax}), put a transaction pooler in front (docs/operate/running.md), or raise max_connections, which needs a restart of Postgres.`,
      },
    ]
  },
})
