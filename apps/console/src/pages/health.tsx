import { Accordion, Alert, Button, Group, Paper, Stack, Text, Title } from '@mantine/core'
import type { DoctorReport } from '@stanchion/client'
import { IconCircleCheck, IconInfoCircle, IconRefresh } from '@tabler/icons-react'
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
import { FindingCard } from './health/finding-card.tsx'
import './health/health.css'

const TITLES: Readonly<Record<Severity, string>> = {
  critical: 'Mend this now',
  warning: 'Look at this soon',
  note: 'Good to know',
}

/** What is wrong with the service and its database, and what to do about it. */
export function HealthPage() {
  const { api, who } = useSession()
  // A key for some queues is told about those.
  const mayLook = who.permissions.includes('list')
  const report = useQuery({
    queryKey: ['doctor'],
    queryFn: ({ signal }) => api.runDoctor({ signal }),
    enabled: mayLook,
    refetchOnWindowFocus: false,
  })
  return (
    <>
      <PageTitle
        title="Health"
        subtitle={report.data === undefined ? undefined : `Examined ${formatTime(report.data.checkedAt)}`}
      >
        {mayLook && (
          <Button
            variant="default"
            leftSection={<IconRefresh size={17} aria-hidden />}
            loading={report.isFetching}
            onClick={() => void report.refetch()}
          >
            Examine again
          </Button>
        )}
      </PageTitle>
      {!mayLook && <NotAllowed permission="list" to="see the health of the service" />}
      {report.error !== null && (
        <Paper withBorder>
          <ProblemView error={report.error} onRetry={() => void report.refetch()} />
        </Paper>
      )}
      {mayLook && who.queuePattern !== '*' && (
        <Alert variant="default" icon={<IconInfoCircle aria-hidden />} mb="lg" className="not-allowed">
          <Text size="sm">
            Your key reaches the queues that match <b>{who.queuePattern}</b>, so you are told about those alone. What is
            about the database and the servers is for keys that reach every queue.
          </Text>
        </Alert>
      )}
      {mayLook && report.isPending && <SplashView />}
      {report.data !== undefined && report.error === null && <Report report={report.data} />}
    </>
  )
}

function Report({ report: { findings, checks } }: { readonly report: DoctorReport }) {
  const groups = groupFindings(findings)
  const count = (outcome: DoctorReport['checks'][number]['outcome']) =>
    checks.filter((check) => check.outcome === outcome).length
  const skipped = count('skipped')
  return (
    <Stack gap="lg">
      {groups.length === 0 && (
        <Paper withBorder role="status">
          <EmptyView
            icon={IconCircleCheck}
            color="teal"
            title="Nothing found"
            text={`${count('passed')} checks passed${skipped === 0 ? '' : `, ${skipped} were skipped`}.`}
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
            <Text size="xs" c="dimmed">
              {count('passed')} passed, {count('found')} found something, {skipped} skipped
            </Text>
          </Accordion.Control>
          <Accordion.Panel>
            <CheckList checks={checks} />
          </Accordion.Panel>
        </Accordion.Item>
      </Accordion>
    </Stack>
  )
}
