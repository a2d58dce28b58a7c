import { Anchor, Paper } from '@mantine/core'
import { IconArrowLeft, IconMapOff } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import type { MouseEvent } from 'react'
import { Link, useNavigate, useParams } from 'react-router'
import { EmptyView } from '../../components/empty-view.tsx'
import { PageTitle } from '../../components/page-title.tsx'
import { ProblemView } from '../../components/problem-view.tsx'
import { SplashView } from '../../components/splash-view.tsx'
import { loadRunbook } from '../../health/runbooks.ts'
import './health.css'

const BASE = '/console'

/** What to do about a finding or an alert, step by step. */
export function RunbookPage() {
  const { name = '' } = useParams()
  const navigate = useNavigate()
  const runbook = useQuery({
    queryKey: ['runbook', name],
    queryFn: async () => (await loadRunbook(name)) ?? null,
    staleTime: Number.POSITIVE_INFINITY,
  })
  /** Links of the text lead to other runbooks without loading the console anew. */
  const follow = (event: MouseEvent) => {
    const link = (event.target as Element).closest('a')
    const path = link?.getAttribute('href') ?? ''
    if (!path.startsWith(`${BASE}/`) || event.metaKey || event.ctrlKey || event.shiftKey) return
    event.preventDefault()
    navigate(path.slice(BASE.length))
  }
  return (
    <>
      <PageTitle
        title={runbook.data?.title ?? (runbook.data === null ? 'Nothing here' : 'Runbook')}
        subtitle={
          <Anchor component={Link} to="/health" size="sm" className="back">
            <IconArrowLeft size={15} aria-hidden /> Health
          </Anchor>
        }
      />
      {runbook.isPending && <SplashView />}
      {runbook.error !== null && (
        <Paper withBorder>
          <ProblemView error={runbook.error} onRetry={() => void runbook.refetch()} />
        </Paper>
      )}
      {runbook.data === null && (
        <Paper withBorder>
          <EmptyView icon={IconMapOff} title="There is no such runbook" text="The address may be old or misspelt." />
        </Paper>
      )}
      {runbook.data != null && (
        <Paper withBorder p={{ base: 'md', sm: 'xl' }}>
          {/* The links work by themselves, too; this only saves the loading. */}
          {/* biome-ignore lint/a11y/noStaticElementInteractions lint/a11y/useKeyWithClickEvents: a key on a link is a click on it */}
          <div
            className="runbook-text"
            onClick={follow}
            // Made at build time, from files of this repository alone.
            dangerouslySetInnerHTML={{ __html: runbook.data.html }}
          />
        </Paper>
      )}
    </>
  )
}
