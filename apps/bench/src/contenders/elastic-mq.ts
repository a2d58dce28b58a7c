import { freePort } from '@stanchion/testing'
import type { Contender } from './contender.ts'
import { elasticMqClassPath } from './rivals.ts'
import { sqsEndpoint } from './sqs-endpoint.ts'
import { startOther } from './start-program.ts'

/** The compiler of its JVM has no time for it while others are measured. */
const WARM_UPS = 5

/** ElasticMQ, which keeps its messages in memory. */
export async function startElasticMq(): Promise<Contender> {
  const classPath = await elasticMqClassPath()
  const port = await freePort()
  const settings = [
    'rest-sqs.bind-hostname=127.0.0.1',
    `rest-sqs.bind-port=${port}`,
    'rest-stats.enabled=false',
    // It logs every request otherwise.
    'logback.configurationFile=none',
  ]
  const server = await startOther({
    command: 'java',
    args: [...settings.map((setting) => `-D${setting}`), '-cp', classPath, 'org.elasticmq.server.Main'],
    port,
  })
  return { ...sqsEndpoint(`http://127.0.0.1:${port}`, 'json', server), warmUps: WARM_UPS }
}
