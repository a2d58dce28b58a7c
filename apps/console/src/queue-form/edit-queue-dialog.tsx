import { Button, Modal, Stack } from '@mantine/core'
import { useMediaQuery } from '@mantine/hooks'
import { notifications } from '@mantine/notifications'
import type { QueueDescription } from '@stanchion/client'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useSession } from '../api/session.tsx'
import { ProblemAlert } from '../components/problem-view.tsx'
import { restPath } from '../curl/curl-command.ts'
import { Commands } from './commands.tsx'
import { QueueFields } from './queue-fields.tsx'
import { checkForm, formOf, type QueueForm, toQueueChange } from './queue-form.ts'

interface EditQueueDialogProps {
  readonly queue: QueueDescription
  readonly isOpen: boolean
  onClose(): void
}

/** Changes how a queue behaves. */
export function EditQueueDialog({ queue, isOpen, onClose }: EditQueueDialogProps) {
  const isNarrow = useMediaQuery('(max-width: 48em)')
  return (
    <Modal
      opened={isOpen}
      onClose={onClose}
      title={`Settings of ${queue.name}`}
      size={760}
      fullScreen={isNarrow === true}
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <EditQueueForm queue={queue} onClose={onClose} />
    </Modal>
  )
}

function EditQueueForm({ queue, onClose }: Omit<EditQueueDialogProps, 'isOpen'>) {
  const { api } = useSession()
  const queries = useQueryClient()
  // As it was when the dialog opened: what others change meanwhile is theirs.
  const [before] = useState(queue)
  const [form, setForm] = useState(() => formOf(queue))
  const errors = checkForm(form)
  const isRight = Object.keys(errors).length === 0
  const change = isRight ? toQueueChange(form, before) : {}
  const isChanged = Object.keys(change).length > 0
  const saving = useMutation({
    mutationFn: () => api.updateQueue(queue.name, change),
    onSuccess: async (changed) => {
      queries.setQueryData(['queue', queue.name], changed)
      notifications.show({ title: 'Saved', message: `${queue.name} behaves so from now on.` })
      onClose()
      await queries.invalidateQueries({ queryKey: ['statistics'] })
    },
  })
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        if (isRight && isChanged) saving.mutate()
      }}
    >
      <Stack gap="xl">
        <QueueFields
          form={form}
          errors={errors}
          onChange={(part: Partial<QueueForm>) => setForm((now) => ({ ...now, ...part }))}
          isNew={false}
        />
        {isChanged && (
          <Commands
            calls={[{ method: 'PATCH', path: restPath('/v1/queues/{queue}', { queue: queue.name }), body: change }]}
          />
        )}
        {saving.error !== null && <ProblemAlert error={saving.error} />}
        <div className="dialog-foot">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={saving.isPending} disabled={!isChanged}>
            Save
          </Button>
        </div>
      </Stack>
    </form>
  )
}
