import { Button, Group, Paper, Stack, Text, TextInput } from '@mantine/core'
import { IconArrowRight } from '@tabler/icons-react'
import { useState } from 'react'
import { useNavigate } from 'react-router'
import { useSession } from '../../api/session.tsx'
import { NotAllowed } from '../../components/not-allowed.tsx'

/** For keys that may not list queues: they can still open one whose name they know. */
export function GoToQueue() {
  const { who } = useSession()
  const navigate = useNavigate()
  const [name, setName] = useState('')
  return (
    <Stack>
      <NotAllowed permission="list" to="list all queues" />
      <Paper withBorder p="lg" maw={520}>
        <form
          onSubmit={(event) => {
            event.preventDefault()
            if (name.trim() !== '') void navigate(`/queues/${encodeURIComponent(name.trim())}`)
          }}
        >
          <Text fw={600}>Open a queue by its name</Text>
          <Text size="sm" c="dimmed" mb="sm">
            Your key reaches queues whose names match {who.queuePattern}.
          </Text>
          <Group gap="xs" align="flex-end">
            <TextInput
              flex={1}
              aria-label="Name of the queue"
              placeholder={who.queuePattern.replace('*', 'name')}
              value={name}
              onChange={(event) => setName(event.currentTarget.value)}
              spellCheck={false}
              autoComplete="off"
            />
            <Button type="submit" rightSection={<IconArrowRight size={17} aria-hidden />}>
              Open
            </Button>
          </Group>
        </form>
      </Paper>
    </Stack>
  )
}
