import { Button, Group, Modal, Select, Stack, Text } from '@mantine/core'
import type { AccessKey, NewAccessKey } from '@stanchion/client'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useSession } from '../../api/session.tsx'
import { CurlBlock } from '../../components/curl-block.tsx'
import { ProblemAlert } from '../../components/problem-view.tsx'
import { restPath } from '../../curl/curl-command.ts'

interface RotateKeyDialogProps {
  /** Absent: nothing is asked. */
  readonly accessKey: AccessKey | undefined
  onClose(): void
  onMade(key: NewAccessKey): void
}

const OVERLAPS = [
  { value: '0', label: 'Not at all' },
  { value: '3600', label: 'One hour' },
  { value: '86400', label: 'One day' },
  { value: '604800', label: 'Seven days' },
  { value: '2592000', label: 'Thirty days' },
]

/** Asks how long the old key still works beside its successor. */
export function RotateKeyDialog({ accessKey, onClose, onMade }: RotateKeyDialogProps) {
  return (
    <Modal
      opened={accessKey !== undefined}
      onClose={onClose}
      title="Rotate the key"
      size="lg"
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      {accessKey !== undefined && <RotateKeyForm accessKey={accessKey} onClose={onClose} onMade={onMade} />}
    </Modal>
  )
}

function RotateKeyForm({ accessKey, onClose, onMade }: RotateKeyDialogProps & { readonly accessKey: AccessKey }) {
  const { api, who } = useSession()
  const queries = useQueryClient()
  const [overlap, setOverlap] = useState('86400')
  const overlapSeconds = Number(overlap)
  const { id, role, queuePattern } = accessKey
  const rotate = useMutation({
    mutationFn: () => api.accessKeys.rotate(id, overlapSeconds),
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
        rotate.mutate()
      }}
    >
      <Stack>
        <Text>
          Makes a successor of <b>{id}</b> with the same role, {role}, and the same queues, {queuePattern}.
          {id === who.accessKeyId &&
            ' You are signed in with this key: sign in with the successor before its time is over.'}
        </Text>
        <Select
          label="How long the old key still works"
          description="So that its users can change over one after the other."
          data={OVERLAPS}
          value={overlap}
          allowDeselect={false}
          onChange={(value) => setOverlap(value ?? '0')}
        />
        <CurlBlock
          call={{ method: 'POST', path: restPath('/v1/access-keys/{id}/rotate', { id }), body: { overlapSeconds } }}
        />
        {rotate.error !== null && <ProblemAlert error={rotate.error} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={rotate.isPending}>
            Rotate the key
          </Button>
        </Group>
      </Stack>
    </form>
  )
}
