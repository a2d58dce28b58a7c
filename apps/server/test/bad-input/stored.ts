import type { World } from './world.ts'

/** Tables that duties and looks write to, whatever is asked of the server. */
const RESTLESS = ['duty', 'scaling_decision', 'queue_statistics', 'statistics_report', 'expiry_note', 'log_segment']

/** Every row there is, by table, but for those of the queues that right requests go to. */
export async function storedRows({ sql, neighbour, sandbox }: World): Promise<readonly string[]> {
  const { rows: tables } = await sql.query<{ name: string; columns: string[] }>(
    `SELECT c.relname AS name, array_agg(a.attname::text) AS columns
     FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0
     WHERE c.relnamespace = 'stanchion'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
       AND c.relname <> ALL ($1)
     GROUP BY 1`,
    [RESTLESS],
  )
  const others = `SELECT queue_id FROM stanchion.queue WHERE name IN ('${neighbour}', '${sandbox}')`
  const conditions: readonly [string, string][] = [
    ['queue_id', `queue_id NOT IN (${others})`],
    ['lane_id', `abs(lane_id) NOT IN (SELECT lane_id FROM stanchion.lane WHERE queue_id IN (${others}))`],
  ]
  const selects = tables.map(({ name, columns }) => {
    const condition = conditions.find(([column]) => columns.includes(column))?.[1] ?? 'true'
    return `SELECT '${name} ' || t::text AS row FROM stanchion.${name} t WHERE ${condition}`
  })
  const { rows } = await sql.query<{ row: string }>(`${selects.join(' UNION ALL ')} ORDER BY 1`)
  return rows.map(({ row }) => row)
}
