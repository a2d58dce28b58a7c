import { type Static, Type } from 'typebox'
import { QueueNameSchema } from '../queues/queue-schema.ts'

const CheckIdSchema = (description: string) =>
  Type.String({ pattern: '^[a-z]+(-[a-z]+)*$', description: `${description} Stable.` })

const FindingSchema = Type.Object(
  {
    id: CheckIdSchema('The check that found it.'),
    severity: Type.Enum(['critical', 'warning', 'note'], {
      type: 'string',
      title: 'FindingSeverity',
      description:
        '`critical`: messages are at risk or stuck; `warning`: something will go wrong or is slow; `note`: good to know.',
    }),
    subject: Type.String({ description: 'What it is about, such as a session, a table, a setting or a queue.' }),
    summary: Type.String({ description: 'What is wrong, with numbers and names.' }),
    advice: Type.String({ description: 'What to do, with the command.' }),
    runbook: Type.Optional(
      Type.String({ description: 'The page that says more, as a path in the repository of Stanchion.' }),
    ),
    queue: Type.Optional(Type.String({ ...QueueNameSchema, description: 'The queue that it is about, if it is one.' })),
  },
  { additionalProperties: false, title: 'Finding', description: 'One thing that is wrong, in plain sentences.' },
)

const CheckSchema = Type.Object(
  {
    id: CheckIdSchema('Names the check.'),
    title: Type.String({ description: 'What is so when nothing is wrong.' }),
    outcome: Type.Enum(['passed', 'found', 'skipped'], {
      type: 'string',
      title: 'CheckOutcome',
      description: '`found`: at least one finding has its id; `skipped`: it could not look.',
    }),
    reason: Type.Optional(Type.String({ description: 'Why it was skipped, or what it could not see.' })),
  },
  { additionalProperties: false, title: 'Check', description: 'What became of one check.' },
)

/** What the doctor found, and what it looked at. */
export const DoctorReportSchema = Type.Object(
  {
    checkedAt: Type.String({ format: 'date-time', description: 'When it was looked at.' }),
    findings: Type.Array(FindingSchema, { description: 'The gravest first; empty when nothing is wrong.' }),
    checks: Type.Array(CheckSchema, { description: 'Every check there is, in a fixed order.' }),
  },
  { additionalProperties: false, title: 'DoctorReport', description: 'The result of one examination.' },
)

export const DOCTOR_REPORT_EXAMPLE: Static<typeof DoctorReportSchema> = {
  checkedAt: '2026-08-01T12:00:00.000Z',
  findings: [
    {
      id: 'leases-expiring',
      severity: 'warning',
      subject: 'queue orders',
      summary:
        '48 leases of the queue orders ended before the message was deleted in the last 15 minutes, 22 % of its deliveries.',
      advice:
        'Give consumers more time than handling takes: stanchion queue update orders --visibility-timeout-seconds 60.',
      runbook: 'docs/operate/runbooks/leases-keep-expiring.md',
      queue: 'orders',
    },
  ],
  checks: [
    { id: 'fsync-off', title: 'fsync is on', outcome: 'passed' },
    { id: 'leases-expiring', title: 'Consumers finish before their leases end', outcome: 'found' },
    {
      id: 'disk-nearly-full',
      title: 'The disk of the embedded Postgres has room',
      outcome: 'skipped',
      reason:
        'The database is not embedded, and Postgres does not tell how full its disk is: watch that on its machine.',
    },
  ],
}
