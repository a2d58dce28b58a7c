import { readFileSync, writeFileSync } from 'node:fs'
import { CHECKS } from '../checks/index.ts'
import { THRESHOLDS } from '../thresholds.ts'

/** Writes `docs/operate/doctor.md` from the checks; with `--check` it compares instead and fails on a difference. */
const FILE = new URL('../../../../docs/operate/doctor.md', import.meta.url)

const INTRO = `<!-- Generated from packages/doctor/src; do not edit. -->

# The doctor

\`\`\`sh
DATABASE_URL=postgres://… stanchion doctor
\`\`\`

examines a database and says in plain sentences what is wrong and what to do, the gravest first. It reads Postgres' own statistics and the
tables of Stanchion, never a message, and bounds every statement in time. An ordinary role is enough for most of it; what the
role may not see is said to be skipped, and membership in \`pg_monitor\` shows it.

A check that needs to look at a running server from within is skipped when only the database is examined.
`

const sections = CHECKS.map(
  ({ id, title, needs }) => `### ${id}\n\n${title}.${needs.includes('node') ? ' Needs a running server.' : ''}`,
)
const thresholds = Object.entries(THRESHOLDS).map(
  ([name, value]) => `| \`${name}\` | ${value.toLocaleString('en-US')} |`,
)
const text = `${INTRO}
## Checks

Each names what is so when nothing is wrong. A finding has the numbers, the names and the command that helps.

${sections.join('\n\n')}

## From where on

| Threshold | Value |
| --- | --- |
${thresholds.join('\n')}
`

if (!process.argv.includes('--check')) {
  writeFileSync(FILE, text)
} else if (readFileSync(FILE, 'utf8') !== text) {
  process.stderr.write('docs/operate/doctor.md differs from the checks; run "npm run generate".\n')
  process.exitCode = 1
}
