import { ACTIONS, PARAMETERS, QUEUE_ATTRIBUTES, type Subject } from '../api.ts'
import { FEATURES } from '../case.ts'
import type { Protocol } from '../clients/sqs-client.ts'
import type { CaseResult } from '../run-cases.ts'

/**
 * The results as tables: every action with its parameters, every queue attribute, every feature. ✓ means that all cases
 * about it pass, ✗ how many of how many fail, – that there is none.
 */
export function toMarkdown(results: readonly CaseResult[]): string {
  const row = (label: string, subject: Subject) => {
    const about = results.filter((result) => result.case.covers.includes(subject))
    return `| ${label} | ${cell(about, 'json')} | ${cell(about, 'query')} |`
  }
  const actions = ACTIONS.flatMap((action) => [
    row(`**${action}**`, action),
    ...PARAMETERS[action].map((parameter) => row(parameter, `${action}.${parameter}` as Subject)),
  ])
  const attributes = QUEUE_ATTRIBUTES.map((name) => row(name, `attribute.${name}`))
  const features = FEATURES.flatMap((feature) => {
    const own = results.filter((result) => result.case.feature === feature)
    return own.length === 0 ? [] : [`| ${feature} | ${cell(own, 'json')} | ${cell(own, 'query')} |`]
  })
  return [table('Action, parameter', actions), table('Queue attribute', attributes), table('Feature', features)].join(
    '\n',
  )
}

function table(head: string, rows: readonly string[]): string {
  return [`| ${head} | JSON | Query |`, '| --- | --- | --- |', ...rows, ''].join('\n')
}

function cell(results: readonly CaseResult[], protocol: Protocol): string {
  const own = results.filter((result) => result.protocol === protocol)
  const failed = own.filter(({ problem }) => problem !== undefined)
  if (own.length === 0) return '–'
  return failed.length === 0 ? `✓ ${own.length}` : `✗ ${failed.length} of ${own.length}`
}
