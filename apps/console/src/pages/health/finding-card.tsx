import { Anchor, Code, Group, Paper, Text } from '@mantine/core'
import type { Finding } from '@stanchion/client'
import { IconBook2, IconStack2 } from '@tabler/icons-react'
import { Link } from 'react-router'
import { runbookName } from '../../health/runbooks.ts'

/** What is wrong, what to do, and where it says more. */
export function FindingCard({ finding }: { readonly finding: Finding }) {
  const { severity, subject, summary, advice, runbook, queue } = finding
  const page = runbook === undefined ? undefined : runbookName(runbook)
  return (
    <Paper withBorder p="md" component="article" aria-label={subject} className={`finding finding-${severity}`}>
      <Text size="xs" c="dimmed" fw={600} className="breakable">
        {subject}
      </Text>
      <Text fw={600} mt={2} className="breakable">
        {summary}
      </Text>
      <Text size="sm" mt={6} className="breakable">
        {advice}
      </Text>
      <Group gap="lg" mt={10} className="finding-links">
        {page !== undefined && (
          <Anchor component={Link} to={`/health/runbooks/${page}`} size="sm">
            <IconBook2 size={15} aria-hidden /> Read the runbook
          </Anchor>
        )}
        {queue !== undefined && (
          <Anchor component={Link} to={`/queues/${encodeURIComponent(queue)}`} size="sm">
            <IconStack2 size={15} aria-hidden /> To the queue {queue}
          </Anchor>
        )}
        {page === undefined && runbook !== undefined && (
          <Text size="xs" c="dimmed" component="span">
            More in <Code className="breakable">{runbook}</Code>
          </Text>
        )}
      </Group>
    </Paper>
  )
}
