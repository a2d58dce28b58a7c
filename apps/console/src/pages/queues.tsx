import { Anchor, Paper, Table, Text, TextInput } from '@mantine/core'
import { IconSearch, IconStack2 } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { Link } from 'react-router'
import { useSession } from '../api/session.tsx'
import { EmptyView } from '../components/empty-view.tsx'
import { KindBadge } from '../components/kind-badge.tsx'
import { NotAllowed } from '../components/not-allowed.tsx'
import { PageTitle } from '../components/page-title.tsx'
import { ProblemView } from '../components/problem-view.tsx'
import { SplashView } from '../components/splash-view.tsx'

/** All queues of the account. */
export function QueuesPage() {
  const { api, may } = useSession()
  const [filter, setFilter] = useState('')
  const mayList = may('list')
  const queues = useQuery({
    queryKey: ['queues'],
    queryFn: ({ signal }) => Array.fromAsync(api.queues({}, { signal })),
    enabled: mayList,
  })
  if (!mayList) return <NotAllowed permission="list" to="list the queues" />
  if (queues.error !== null) return <ProblemView error={queues.error} onRetry={() => void queues.refetch()} />
  if (queues.data === undefined) return <SplashView />
  const shown = queues.data.filter(({ name }) => name.includes(filter)).slice(0, 500)
  return (
    <>
      <PageTitle title="Queues" subtitle={`${queues.data.length} in this account`} />
      <Paper withBorder>
        <TextInput
          m="sm"
          aria-label="Filter by name"
          placeholder="Filter by name"
          leftSection={<IconSearch size={16} aria-hidden />}
          value={filter}
          onChange={(event) => setFilter(event.currentTarget.value)}
        />
        {shown.length === 0 ? (
          <EmptyView icon={IconStack2} title="No queues" text="Create one, or change the filter." />
        ) : (
          <Table highlightOnHover horizontalSpacing="md">
            <Table.Thead>
              <Table.Tr>
                <Table.Th>Name</Table.Th>
                <Table.Th>Kind</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {shown.map(({ name, kind }) => (
                <Table.Tr key={name}>
                  <Table.Td>
                    <Anchor component={Link} to={`/queues/${name}`}>
                      {name}
                    </Anchor>
                  </Table.Td>
                  <Table.Td>{kind === 'fifo' ? <KindBadge kind={kind} /> : <Text size="sm">standard</Text>}</Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        )}
      </Paper>
    </>
  )
}
