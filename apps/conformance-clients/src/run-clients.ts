import type { Client } from './client.ts'
import { resultText } from './result-text.ts'
import { type ClientResult, runClient } from './run-client.ts'

export interface ClientsRun {
  readonly clients: readonly Client[]
  /** Being skipped is a failure for these. */
  readonly required: readonly string[]
  readonly installMinutes: number
  /** What the program of a client learns. */
  environment(): NodeJS.ProcessEnv
  print(text: string): void
}

/** Runs clients, prints a line for each, and gives whether all is well. */
export async function runClients({
  clients,
  required,
  installMinutes,
  environment,
  print,
}: ClientsRun): Promise<boolean> {
  const results: ClientResult[] = []
  const installTime = { leftMs: installMinutes * 60_000 }
  // One after another: they would only take each other's processor time.
  for (const client of clients) {
    const result = await runClient(client, environment(), installTime)
    results.push(result)
    print(resultText(result))
  }
  const count = (outcome: ClientResult['outcome']) => results.filter((result) => result.outcome === outcome).length
  print(`${count('passed')} passed, ${count('failed')} failed, ${count('skipped')} skipped`)
  const absent = results.filter(({ outcome, client }) => outcome === 'skipped' && required.includes(client.name))
  for (const { client } of absent) print(`${client.name} was skipped but is required`)
  return count('failed') + absent.length === 0
}
