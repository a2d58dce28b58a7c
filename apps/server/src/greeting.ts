import type { Config } from './config.ts'

/** Written out because `--json` needs curl 7.82. */
const JSON_BODY = "-H 'content-type: application/json' -d"

/** Where access keys are asked for, the commands read one from the environment. */
const KEY_FIRST = `A first access key, as variables to export:

  npm run --silent keys -- create --role admin

`

/** What a server says once it listens: where, and two first commands that work when they are pasted. */
export function greeting(baseUrl: string, config: Config): string {
  const endpoint = config.publicUrl ?? baseUrl
  const database =
    config.databaseUrl === undefined ? `embedded Postgres in ${config.dataDir}` : 'Postgres of DATABASE_URL'
  const isOpen = config.auth === 'off'
  const token = isOpen ? '' : ' -H "authorization: Bearer $AWS_ACCESS_KEY_ID.$AWS_SECRET_ACCESS_KEY"'
  const credentials = isOpen ? 'AWS_ACCESS_KEY_ID=x AWS_SECRET_ACCESS_KEY=x ' : ''
  return `
Stanchion listens on ${baseUrl} (${database})

  Queues:     ${endpoint}/${config.accountId}/<queue name>
  API pages:  ${baseUrl}/docs

${isOpen ? '' : KEY_FIRST}First steps with curl:

  curl -s ${baseUrl}/v1/queues${token} ${JSON_BODY} '{"name":"hello"}'
  curl -s ${baseUrl}/v1/queues/hello/messages${token} ${JSON_BODY} '{"body":"first light"}'
  curl -s ${baseUrl}/v1/queues/hello/receive${token} ${JSON_BODY} '{"waitSeconds":5}'

First step with the AWS CLI:

  ${credentials}aws --endpoint-url ${baseUrl} --region ${config.region} sqs create-queue --queue-name hello

`
}
