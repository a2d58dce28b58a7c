import { Button, Paper } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconFilterOff, IconPlus, IconStack2 } from '@tabler/icons-react'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useCallback, useMemo, useRef } from 'react'
import { useSearchParams } from 'react-router'
import { useSession } from '../../api/session.tsx'
import { EmptyView } from '../../components/empty-view.tsx'
import { MayButton } from '../../components/may-button.tsx'
import { PageTitle } from '../../components/page-title.tsx'
import { ProblemAlert, ProblemView } from '../../components/problem-view.tsx'
import { useShortcut } from '../../components/shortcuts.tsx'
import { CreateQueueDialog } from '../../queue-form/create-queue-dialog.tsx'
import { AccountBand } from './account-band.tsx'
import { FilterBar } from './filter-bar.tsx'
import { GoToQueue } from './go-to-queue.tsx'
import { QueueList } from './queue-list.tsx'
import {
  addUp,
  allTags,
  applyView,
  EVERY_QUEUE,
  type QueueView,
  readView,
  toQueueRow,
  writeView,
} from './queue-view.ts'
import { QueuesLoading } from './queues-loading.tsx'
import './queues.css'

/** The server measures depths every few seconds, so asking more often would show the same. */
const REFRESH_MS = 5_000
/** Many queues are many bytes. */
const REFRESH_MANY_MS = 15_000
const MANY_QUEUES = 2_000

/** All queues of the account: what there is, what moves, and what is wrong. */
export function QueuesPage() {
  const { api, may } = useSession()
  const [search, setSearch] = useSearchParams()
  const [isCreating, creating] = useDisclosure(false)
  const filterInput = useRef<HTMLInputElement>(null)
  const mayList = may('list')
  const statistics = useQuery({
    queryKey: ['statistics'],
    queryFn: async ({ signal }) => (await Array.fromAsync(api.queueStatistics({}, { signal }))).map(toQueueRow),
    enabled: mayList,
    placeholderData: keepPreviousData,
    // Every number differs from the last ones anyway; comparing ten thousand queues takes its time.
    structuralSharing: false,
    refetchInterval: ({ state }) => ((state.data?.length ?? 0) > MANY_QUEUES ? REFRESH_MANY_MS : REFRESH_MS),
  })
  const queues = statistics.data
  const view = useMemo(() => readView(search), [search])
  const shown = useMemo(() => applyView(queues ?? [], view), [queues, view])
  const totals = useMemo(() => addUp(queues ?? []), [queues])
  const tags = useMemo(() => allTags(queues ?? []), [queues])
  const changeView = useCallback(
    (change: Partial<QueueView>) =>
      setSearch((before) => writeView({ ...readView(before), ...change }), { replace: true }),
    [setSearch],
  )
  useShortcut('/', () => filterInput.current?.focus())
  useShortcut('c', () => may('manage') && creating.open())

  const title = (
    <PageTitle title="Queues">
      <MayButton
        permission="manage"
        to="create queues"
        leftSection={<IconPlus size={18} aria-hidden />}
        onClick={creating.open}
      >
        Create queue
      </MayButton>
    </PageTitle>
  )
  const dialog = <CreateQueueDialog isOpen={isCreating} onClose={creating.close} />
  if (!mayList) {
    return (
      <>
        {title}
        <GoToQueue />
        {dialog}
      </>
    )
  }
  if (queues === undefined) {
    return (
      <>
        {title}
        {statistics.error === null ? (
          <QueuesLoading />
        ) : (
          <Paper withBorder>
            <ProblemView error={statistics.error} onRetry={() => void statistics.refetch()} />
          </Paper>
        )}
      </>
    )
  }
  return (
    <>
      {title}
      {statistics.error !== null && <ProblemAlert error={statistics.error} />}
      <AccountBand totals={totals} onProblems={() => changeView({ ...EVERY_QUEUE, withProblems: true })} />
      {queues.length === 0 ? (
        <Paper withBorder>
          <EmptyView
            icon={IconStack2}
            title="No queues yet"
            text="A queue keeps messages until somebody receives and deletes them. Create the first one here, with curl, or with any SQS client."
          >
            {may('manage') && (
              <Button mt="xs" leftSection={<IconPlus size={18} aria-hidden />} onClick={creating.open}>
                Create the first queue
              </Button>
            )}
          </EmptyView>
        </Paper>
      ) : (
        <Paper withBorder className="queues">
          <FilterBar
            view={view}
            onChange={changeView}
            tags={tags}
            shown={shown.length}
            all={queues.length}
            inputRef={filterInput}
          />
          {shown.length === 0 ? (
            <EmptyView
              icon={IconFilterOff}
              color="gray"
              title="No queue is like that"
              text="The filter leaves none of them."
            >
              <Button variant="default" mt="xs" onClick={() => changeView(EVERY_QUEUE)}>
                Show all queues
              </Button>
            </EmptyView>
          ) : (
            <QueueList queues={shown} view={view} onChange={changeView} />
          )}
        </Paper>
      )}
      {dialog}
    </>
  )
}
