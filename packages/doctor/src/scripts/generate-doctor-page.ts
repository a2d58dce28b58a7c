import { readFileSync, writeFileSync } from 'node:fs'
import { CHECKS } from '../checks/index.ts'
import { THRESHOLDS } from '../thresholds.ts'

/** Writes `docs/operate/doctor.md` from the checks; with `--check` it compares instead and fails on a difference. */
const FILE = new URL('../../../../docs/operate/doctor.md', import.meta.url)

const INTRO = `<!-- Generated from packages/doctor/src; do not edit. -->

# The doctor

It says in plain sentences what is wrong and what to do, the gravest first, through three doors:

\`\`\`sh
stanchion doctor                                        # asks the server
curl -s "$STANCHION_URL/v1/doctor" -H "authorization: Bearer $STANCHION_ACCESS_KEY"
stanchion doctor --database-url "$DATABASE_URL"         # without a server
\`\`\`

and on the health page of the console. A server also knows itself: its pool, its duties, its event loop, and what was done to queues in the last
quarter of an hour. Checks that need a server are skipped when only the database is examined. Each node speaks for itself; what it says of the
database and the queues is the same from all.

The doctor reads Postgres' own statistics and the tables of Stanchion, never a message. It has a connection of its own, so it works while the pool
is exhausted; no statement may take more than a second, and altogether it gives up after some five. Whoever asks while somebody else does, or
within five seconds, is shown what was read for them. An ordinary role is enough for most of it; what the role may not see is said to be
skipped, and membership in \`pg_monitor\` shows it.

An access key needs the permission \`list\` (roles \`admin\`, \`inspector\`, \`reader\`). One with a pattern of queue names is told about those
queues alone: what is about the installation is skipped, and where a finding must speak of a queue that the key does not reach, it says
"another queue". So it is with queues of other accounts.
`

const sections = CHECKS.map(
  ({ id, title, needs, runbook }) =>
    `### ${id}\n\n${title}.${needs.includes('node') ? ' Needs a running server.' : ''}${runbook === undefined ? '' : ` [Runbook](runbooks/${runbook}.md).`}`,
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
