import { Button, Group, Modal, Radio, Stack, Text, TextInput } from '@mantine/core'
import type { AccessKeyRequest, NewAccessKey } from '@stanchion/client'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useSession } from '../../api/session.tsx'
import { CurlBlock } from '../../components/curl-block.tsx'
import { ProblemAlert } from '../../components/problem-view.tsx'
import { ROLES, type Role } from '../../keys/roles.ts'

interface CreateKeyDialogProps {
  readonly isOpen: boolean
  onClose(): void
  onMade(key: NewAccessKey): void
}

/** Asks what a new key is for. */
export function CreateKeyDialog({ isOpen, onClose, onMade }: CreateKeyDialogProps) {
  return (
    <Modal
      opened={isOpen}
      onClose={onClose}
      title="Create a key"
      size="lg"
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <CreateKeyForm onClose={onClose} onMade={onMade} />
    </Modal>
  )
}

const PATTERN = /^[A-Za-z0-9_.*-]{1,80}$/

function CreateKeyForm({ onClose, onMade }: Omit<CreateKeyDialogProps, 'isOpen'>) {
  const { api } = useSession()
  const queries = useQueryClient()
  const [role, setRole] = useState<Role>('producer')
  const [queuePattern, setQueuePattern] = useState('*')
  const [description, setDescription] = useState('')
  const hasPattern = PATTERN.test(queuePattern)
  const request: AccessKeyRequest = {
    role,
    queuePattern,
    ...(description.trim() === '' ? undefined : { description: description.trim() }),
  }
  const create = useMutation({
    mutationFn: () => api.accessKeys.create(request),
    onSuccess: (key) => {
      onClose()
      onMade(key)
      void queries.invalidateQueries({ queryKey: ['keys'] })
    },
  })
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        if (hasPattern) create.mutate()
      }}
    >
      <Stack>
        <Radio.Group label="Role" value={role} onChange={(value) => setRole(value as Role)}>
          <Stack gap="xs" mt="xs">
            {ROLES.map(({ role: name, summary }) => (
              <Radio key={name} value={name} label={name} description={summary} />
            ))}
          </Stack>
        </Radio.Group>
        <TextInput
          label="Queues"
          description="A name, or a pattern such as orders-*. * alone means every queue."
          value={queuePattern}
          onChange={(event) => setQueuePattern(event.currentTarget.value)}
          error={hasPattern ? undefined : 'Up to 80 letters, digits and the characters - _ . and *.'}
          spellCheck={false}
        />
        <TextInput
          label="Description"
          description="Who or what uses it."
          value={description}
          maxLength={256}
          onChange={(event) => setDescription(event.currentTarget.value)}
        />
        <CurlBlock call={{ method: 'POST', path: '/v1/access-keys', body: request }} />
        {create.error !== null && <ProblemAlert error={create.error} />}
        <Group justify="space-between">
          <Text size="xs" c="dimmed">
            The secret is shown once.
          </Text>
          <Group>
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" loading={create.isPending} disabled={!hasPattern}>
              Create the key
            </Button>
          </Group>
        </Group>
      </Stack>
    </form>
  )
}
