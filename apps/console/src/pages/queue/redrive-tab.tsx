import {
  Alert,
  Anchor,
  Button,
  Group,
  NumberInput,
  Paper,
  Radio,
  Select,
  Stack,
  Table,
  Text,
  Title,
} from '@mantine/core'
import { notifications } from '@mantine/notifications'
import type { MoveTask, NewMoveTask, QueueCounts, QueueDescription } from '@stanchion/client'
import { IconArrowBackUp, IconGhost2 } from '@tabler/icons-react'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { Link } from 'react-router'
import { useSession } from '../../api/session.tsx'
import { useConfirm } from '../../components/confirm.tsx'
import { EmptyView } from '../../components/empty-view.tsx'
import { formatNumber } from '../../components/format.ts'
import { NotAllowed } from '../../components/not-allowed.tsx'
import { ProblemView } from '../../components/problem-view.tsx'
import { SplashView } from '../../components/splash-view.tsx'
import { restPath } from '../../curl/curl-command.ts'
import { MoveTaskCard } from './move-task-card.tsx'
import { MoveTaskRow } from './move-task-row.tsx'

interface RedriveTabProps {
  readonly queue: QueueDescription
  readonly counts: QueueCounts | undefined
  /** The queues whose dead letters come here. */
  readonly sources: readonly string[]
}

/** While a task runs its numbers change all the time. */
const RUNNING_EVERY_MS = 500
const IDLE_EVERY_MS = 5_000

/** Brings dead letters back. */
export function RedriveTab({ queue, counts, sources }: RedriveTabProps) {
  const { api, may } = useSession()
  const tasks = useQuery({
    queryKey: ['move-tasks', queue.name],
    queryFn: ({ signal }) => api.queue(queue.name).listMoveTasks({ signal }),
    refetchInterval: ({ state }) => (state.data?.some(isRunning) === true ? RUNNING_EVERY_MS : IDLE_EVERY_MS),
  })
  if (tasks.error !== null && tasks.data === undefined) {
    return <ProblemView error={tasks.error} onRetry={() => void tasks.refetch()} />
  }
  if (tasks.data === undefined) return <SplashView />
  const running = tasks.data.find(isRunning)
  const ended = tasks.data.filter((task) => !isRunning(task))
  if (sources.length === 0 && tasks.data.length === 0) {
    return (
      <Paper withBorder>
        <EmptyView
          icon={IconGhost2}
          title="This is no dead-letter queue"
          text="No queue sends its dead letters here. In the settings of a queue you say where messages go that were delivered too often."
        />
      </Paper>
    )
  }
  return (
    <Stack>
      {running !== undefined && <MoveTaskCard task={running} />}
      {running === undefined &&
        (may('manage', queue.name) ? (
          <RedriveForm {...{ queue, counts, sources }} />
        ) : (
          <NotAllowed permission="manage" to="redrive messages" />
        ))}
      {ended.length > 0 && (
        <Paper withBorder>
          <Title order={2} size="h4" p="md">
            Before
          </Title>
          <Table.ScrollContainer minWidth={640} type="native" tabIndex={0}>
            <Table horizontalSpacing="md">
              <Table.Thead>
                <Table.Tr>
                  <Table.Th>Started</Table.Th>
                  <Table.Th>Outcome</Table.Th>
                  <Table.Th>Moved</Table.Th>
                  <Table.Th>To</Table.Th>
                  <Table.Th>Took</Table.Th>
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {ended.map((task) => (
                  <MoveTaskRow key={task.id} task={task} />
                ))}
              </Table.Tbody>
            </Table>
          </Table.ScrollContainer>
        </Paper>
      )}
    </Stack>
  )
}

function isRunning({ status }: MoveTask): boolean {
  return status === 'running'
}

const RATE_MAX = 500

function RedriveForm({ queue, counts, sources }: RedriveTabProps) {
  const { api, may } = useSession()
  const confirm = useConfirm()
  const queries = useQueryClient()
  const [where, setWhere] = useState('back')
  const [destination, setDestination] = useState<string | null>(null)
  const [rate, setRate] = useState<number | string>('')
  const [isStrict, setIsStrict] = useState(false)
  const queues = useQuery({
    queryKey: ['queues'],
    queryFn: ({ signal }) => Array.fromAsync(api.queues({}, { signal })),
    enabled: where === 'one' && may('list'),
  })
  const names = (queues.data ?? []).filter(({ name, kind }) => kind === queue.kind && name !== queue.name)
  const count = counts === undefined ? '' : ` ${formatNumber(counts.visible)}`
  const hasProblem = where === 'one' && destination === null

  const task: NewMoveTask = {
    ...(where === 'one' && destination !== null ? { destination } : undefined),
    ...(typeof rate === 'number' ? { messagesPerSecondMax: rate } : undefined),
  }
  const start = () =>
    confirm({
      title: 'Redrive the messages',
      text: (
        <>
          Moves all{count} messages that can be received now{' '}
          {where === 'one' ? `to ${destination}` : 'back to where they came from'}, as new messages that were never
          received. Mend the consumer first: what it cannot digest comes back here.
        </>
      ),
      verb: 'Redrive',
      isDestructive: false,
      call: { method: 'POST', path: restPath('/v1/queues/{queue}/move-tasks', { queue: queue.name }), body: task },
      run: async () => {
        await api.queue(queue.name).startMoveTask(task)
        notifications.show({ title: 'Started', message: `The messages of ${queue.name} are on their way.` })
        await queries.invalidateQueries({ queryKey: ['move-tasks', queue.name] })
      },
    })

  return (
    <Paper withBorder p="lg">
      <form
        onSubmit={(event) => {
          event.preventDefault()
          setIsStrict(true)
          if (!hasProblem) start()
        }}
      >
        <Stack>
          {sources.length > 0 && (
            <Text size="sm">
              The dead letters of{' '}
              {sources.map((source, index) => (
                <span key={source}>
                  {index > 0 && ', '}
                  <Anchor component={Link} to={`/queues/${source}`} inherit underline="always">
                    {source}
                  </Anchor>
                </span>
              ))}{' '}
              wait here. A redrive sends them off again.
            </Text>
          )}
          <Radio.Group label="Where to" value={where} onChange={setWhere}>
            <Stack gap="xs" mt="xs">
              <Radio value="back" label="Each to the queue that it came from" />
              <Radio value="one" label="All to one queue" />
            </Stack>
          </Radio.Group>
          {where === 'one' && (
            <Select
              label="Queue"
              placeholder={queues.isLoading ? 'Loading …' : 'Choose a queue'}
              data={names.map(({ name }) => name)}
              value={destination}
              onChange={setDestination}
              searchable
              limit={100}
              error={isStrict && destination === null ? 'Choose where the messages go.' : undefined}
              nothingFoundMessage="No queue of this kind"
            />
          )}
          <NumberInput
            label="Messages a second at most"
            description="Empty: as fast as goes. A low rate shows whether the cause is mended before all of them come back."
            placeholder="no limit"
            min={1}
            max={RATE_MAX}
            allowDecimal={false}
            value={rate}
            onChange={setRate}
            maw={360}
          />
          {counts?.visible === 0 && (
            <Alert variant="default" className="not-allowed">
              <Text size="sm">No message can be received here now, so there is nothing to move.</Text>
            </Alert>
          )}
          <Group>
            <Button
              type="submit"
              leftSection={<IconArrowBackUp size={18} aria-hidden />}
              disabled={counts?.visible === 0}
            >
              Redrive{count} …
            </Button>
          </Group>
        </Stack>
      </form>
    </Paper>
  )
}
