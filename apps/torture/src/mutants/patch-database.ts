import type pg from 'pg'
import type { FunctionPatch, Patch, SettingsPatch } from './mutant.ts'
import { replaceOnce } from './replace-once.ts'

/**
 * Makes the patches of a database among these, in one that has the schema.
 * @throws Error when a function is not there, or its text is not
 */
export async function patchDatabase(client: pg.Client, patches: readonly Patch[]): Promise<void> {
  for (const patch of patches) {
    if ('sql' in patch) await client.query(patch.sql)
    else if ('settings' in patch) await changeSettings(client, patch)
    else if ('function' in patch) await patchFunction(client, patch)
  }
}

async function changeSettings(client: pg.Client, { settings }: SettingsPatch): Promise<void> {
  for (const [name, value] of Object.entries(settings)) {
    await client.query(`ALTER SYSTEM SET ${name} = ${client.escapeLiteral(value)}`)
  }
  await client.query('SELECT pg_reload_conf()')
}

async function patchFunction(client: pg.Client, patch: FunctionPatch): Promise<void> {
  const { rows } = await client.query<{ source: string }>(
    `SELECT pg_get_functiondef(p.oid) AS source FROM pg_proc p WHERE p.pronamespace = 'stanchion'::regnamespace AND p.proname = $1`,
    [patch.function],
  )
  const [found] = rows
  if (found === undefined || rows.length > 1) throw new Error(`there are ${rows.length} functions ${patch.function}`)
  // It begins with CREATE OR REPLACE.
  await client.query(replaceOnce(found.source, patch, patch.function))
}
