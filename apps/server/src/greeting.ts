import type { Config } from './config.ts'

/** Written out because `--json` needs curl 7.82. */
const JSON_BODY = "-H 'content-type: application/json' -d"

/** What a server says once it listens: where, and two first commands that work when they are pasted. */
export function greeting(baseUrl: string, config: Config): string {
  const endpoint = config.publicUrl ?? baseUrl
  const database =
    config.databaseUrl === undefined ? `embedded Postgres in ${config.dataDir}` : 'Postgres of DATABASE_URL'
  return `
Stanchion listens on ${baseUrl} (${database})

  Queues:     ${endpoint}/${config.accountId}/<queue name>
  API pages:  ${baseUrl}/docs

First steps with curl:

  curl -s ${baseUrl}/v1/queues ${JSON_BODY} '{"name":"hello"}'
  curl -s ${baseUrl}/v1/queues/hello/messages ${JSON_BODY} '{"body":"first light"}'
  curl -s ${baseUrl}/v1/queues/hello/receive ${JSON_BODY} '{"waitSeconds":5}'

First step with the AWS CLI:

  AWS_ACCESS_KEY_ID=x AWS_SECRET_ACCESS_KEY=x aws --endpoint-url ${baseUrl} --region ${config.region} sqs create-queue --queue-name hello

`
}
