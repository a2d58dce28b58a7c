import { Accordion, Anchor, Button, Group, Paper, Stack, Text, Title } from '@mantine/core'
import { IconCircleCheck, IconExternalLink, IconRefresh } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useSession } from '../api/session.tsx'
import { EmptyView } from '../components/empty-view.tsx'
import { formatTime } from '../components/format.ts'
import { NotAllowed } from '../components/not-allowed.tsx'
import { PageTitle } from '../components/page-title.tsx'
import { ProblemView } from '../components/problem-view.tsx'
import { SplashView } from '../components/splash-view.tsx'
import { groupFindings, type Severity } from '../health/group-findings.ts'
import { CheckList } from './health/check-list.tsx'
import type { DoctorReport, Finding } from './health/doctor-report.ts'

const TITLES: Readonly<Record<Severity, string>> = {
  critical: 'Mend this now',
  warning: 'Look at this soon',
  note: 'Good to know',
}

/** What is wrong with the service and its database, and what to do about it. */
export function HealthPage() {
  const { read, may } = useSession()
  const mayLook = may('list')
  const report = useQuery({
    queryKey: ['doctor'],
    queryFn: ({ signal }) => read<DoctorReport>('/v1/doctor', signal),
    enabled: mayLook,
    refetchOnWindowFocus: false,
  })
  return (
    <>
      <PageTitle
        title="Health"
        subtitle={report.data === undefined ? undefined : `Looked at ${formatTime(report.data.checkedAt)}`}
      >
        {mayLook && (
          <Button
            variant="default"
            leftSection={<IconRefresh size={17} aria-hidden />}
            loading={report.isFetching}
            onClick={() => void report.refetch()}
          >
            Look again
          </Button>
        )}
      </PageTitle>
      {!mayLook && <NotAllowed permission="list" to="see the health of the service" />}
      {report.error !== null && (
        <Paper withBorder>
          <ProblemView error={report.error} onRetry={() => void report.refetch()} />
        </Paper>
      )}
      {mayLook && report.isPending && <SplashView />}
      {report.data !== undefined && report.error === null && <Report report={report.data} />}
    </>
  )
}

function Report({ report: { findings, checks } }: { readonly report: DoctorReport }) {
  const groups = groupFindings(findings)
  return (
    <Stack gap="lg">
      {groups.length === 0 && (
        <Paper withBorder role="status">
          <EmptyView
            icon={IconCircleCheck}
            color="teal"
            title="All is well"
            text={`${checks.filter(({ outcome }) => outcome === 'passed').length} checks passed, nothing was found.`}
          />
        </Paper>
      )}
      {groups.map(({ severity, findings: ofSeverity }) => (
        <section key={severity} aria-label={TITLES[severity]}>
          <Group gap="xs" mb="xs">
            <Title order={2} size="h4">
              {TITLES[severity]}
            </Title>
            <span className={`severity severity-${severity}`}>{ofSeverity.length}</span>
          </Group>
          <Stack gap="sm">
            {ofSeverity.map((finding) => (
              <FindingCard key={`${finding.id} ${finding.subject}`} finding={finding} />
            ))}
          </Stack>
        </section>
      ))}
      <Accordion variant="contained" defaultValue={groups.length === 0 ? 'checks' : null}>
        <Accordion.Item value="checks">
          <Accordion.Control>
            <Text fw={600}>Everything that was checked</Text>
          </Accordion.Control>
          <Accordion.Panel>
            <CheckList checks={checks} />
          </Accordion.Panel>
        </Accordion.Item>
      </Accordion>
    </Stack>
  )
}

function FindingCard({ finding: { severity, subject, summary, advice, runbook } }: { readonly finding: Finding }) {
  return (
    <Paper withBorder p="md" component="article" className={`finding finding-${severity}`}>
      <Text size="xs" c="dimmed" fw={600} className="breakable">
        {subject}
      </Text>
      <Text fw={600} mt={2} className="breakable">
        {summary}
      </Text>
      <Text size="sm" mt={6} className="breakable">
        {advice}
      </Text>
      {runbook !== undefined && (
        <Anchor href={runbook} target="_blank" rel="noreferrer" size="sm" mt={8} className="runbook">
          How to mend it <IconExternalLink size={14} aria-hidden />
        </Anchor>
      )}
    </Paper>
  )
}
