import { Anchor, Paper } from '@mantine/core'
import { IconMapOff } from '@tabler/icons-react'
import { Link } from 'react-router'
import { EmptyView } from '../components/empty-view.tsx'
import { PageTitle } from '../components/page-title.tsx'

export function NotFoundPage() {
  return (
    <>
      <PageTitle title="Nothing here" />
      <Paper withBorder>
        <EmptyView icon={IconMapOff} title="There is no such page" text="The address may be old or misspelt.">
          <Anchor component={Link} to="/">
            To the queues
          </Anchor>
        </EmptyView>
      </Paper>
    </>
  )
}
