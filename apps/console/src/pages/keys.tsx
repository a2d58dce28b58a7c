import { Button, Code, Paper, Stack, Table, Text, VisuallyHidden } from '@mantine/core'
import type { AccessKey, NewAccessKey } from '@stanchion/client'
import { IconKey, IconPlus } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useSession } from '../api/session.tsx'
import { EmptyView } from '../components/empty-view.tsx'
import { NotAllowed } from '../components/not-allowed.tsx'
import { PageTitle } from '../components/page-title.tsx'
import { ProblemView } from '../components/problem-view.tsx'
import { SplashView } from '../components/splash-view.tsx'
import { CreateKeyDialog } from './keys/create-key-dialog.tsx'
import { KeyRow } from './keys/key-row.tsx'
import { RolesTable } from './keys/roles-table.tsx'
import { RotateKeyDialog } from './keys/rotate-key-dialog.tsx'
import { SecretDialog } from './keys/secret-dialog.tsx'

/** Who may do what. */
export function KeysPage() {
  const { may, who } = useSession()
  const [isCreating, setIsCreating] = useState(false)
  const [rotating, setRotating] = useState<AccessKey>()
  const [made, setMade] = useState<NewAccessKey>()
  const mayManage = may('manageKeys')
  return (
    <>
      <PageTitle
        title="Keys and roles"
        subtitle="Access keys are for SQS clients, the REST API and this console alike."
      >
        {mayManage && who.authentication === 'on' && (
          <Button leftSection={<IconPlus size={18} aria-hidden />} onClick={() => setIsCreating(true)}>
            Create a key
          </Button>
        )}
      </PageTitle>
      <Stack>
        {who.authentication === 'off' && <SwitchOn />}
        {who.authentication === 'on' && !mayManage && <NotAllowed permission="manageKeys" to="manage keys" />}
        {who.authentication === 'on' && mayManage && <KeysTable onRotate={setRotating} />}
        <RolesTable />
      </Stack>
      <CreateKeyDialog isOpen={isCreating} onClose={() => setIsCreating(false)} onMade={setMade} />
      <RotateKeyDialog accessKey={rotating} onClose={() => setRotating(undefined)} onMade={setMade} />
      <SecretDialog made={made} onClose={() => setMade(undefined)} />
    </>
  )
}

function KeysTable({ onRotate }: { onRotate(key: AccessKey): void }) {
  const { api } = useSession()
  const keys = useQuery({ queryKey: ['keys'], queryFn: ({ signal }) => api.accessKeys.list({ signal }) })
  if (keys.error !== null) return <ProblemView error={keys.error} onRetry={() => void keys.refetch()} />
  if (keys.data === undefined) return <SplashView />
  // Those that work come first, each group with the newest on top.
  const sorted = keys.data.toReversed().toSorted((a, b) => Number(isOver(a)) - Number(isOver(b)))
  return (
    <Paper withBorder>
      <Table.ScrollContainer minWidth={820} type="native">
        <Table highlightOnHover horizontalSpacing="md">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Key</Table.Th>
              <Table.Th>Role</Table.Th>
              <Table.Th>Queues</Table.Th>
              <Table.Th>Created</Table.Th>
              <Table.Th>Last used</Table.Th>
              <Table.Th>State</Table.Th>
              <Table.Th>
                <VisuallyHidden>Actions</VisuallyHidden>
              </Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {sorted.map((key) => (
              <KeyRow key={key.id} accessKey={key} isOver={isOver(key)} onRotate={onRotate} />
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </Paper>
  )
}

function isOver({ disabledAt, expiresAt }: AccessKey): boolean {
  return disabledAt !== undefined || (expiresAt !== undefined && Date.parse(expiresAt) <= Date.now())
}

function SwitchOn() {
  return (
    <Paper withBorder>
      <EmptyView
        icon={IconKey}
        title="Everybody may do everything"
        text={
          <>
            This server asks nobody for a key (<Code>STANCHION_AUTH=off</Code>), and therefore listens on this machine
            alone. To give people and programs keys of their own, make a first one and start the server with keys
            switched on:
          </>
        }
      >
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
        <pre className="code switch-on" tabIndex={0}>
          {[
            'export STANCHION_MASTER_KEY="$(openssl rand -base64 32)"',
            'npm run --silent keys -- create --role admin',
            'STANCHION_AUTH=on npm start',
          ].join('\n')}
        </pre>
        <Text size="xs" c="dimmed">
          Keep the master key with your other secrets: without it no key can be read.
        </Text>
      </EmptyView>
    </Paper>
  )
}
