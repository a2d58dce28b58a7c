import { parseArgs } from 'node:util'
import { missingForPatroni, type Replication } from './patroni-cluster.ts'
import { runFailover } from './run-failover.ts'

const USAGE = `usage: npm run torture:failover -- [options]

  --replication strict   strict or asynchronous
  --failovers 5          how often the primary is killed
  --lag-seconds 0        how far the standby is behind when it happens
`

const { values } = parseArgs({
  options: {
    replication: { type: 'string', default: 'strict' },
    failovers: { type: 'string', default: '5' },
    'lag-seconds': { type: 'string', default: '0' },
    help: { type: 'boolean', default: false },
  },
})
const failovers = Number(values.failovers)
const lagSeconds = Number(values['lag-seconds'])
const isMode = (text: string): text is Replication => text === 'strict' || text === 'asynchronous'

if (values.help) {
  console.log(USAGE)
} else if (!isMode(values.replication) || !(Number.isInteger(failovers) && failovers >= 1 && lagSeconds >= 0)) {
  console.error(USAGE)
  process.exitCode = 2
} else if (missingForPatroni() !== undefined) {
  console.error(`skipped: ${missingForPatroni()}`)
  process.exitCode = 3
} else {
  const totals = await runFailover({
    replication: values.replication,
    failovers,
    lagSeconds,
    say: (text) => console.error(text),
  })
  console.log(JSON.stringify(totals, null, 2))
  // Asynchronous replication promises nothing about what was acknowledged last.
  if (values.replication === 'strict' && totals.lostSends + totals.undoneDeletes > 0) process.exitCode = 1
}
