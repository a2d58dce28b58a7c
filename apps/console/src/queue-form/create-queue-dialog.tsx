import { Button, Group, Modal, Radio, Stack, Text, TextInput } from '@mantine/core'
import { useMediaQuery } from '@mantine/hooks'
import { notifications } from '@mantine/notifications'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useNavigate } from 'react-router'
import { useSession } from '../api/session.tsx'
import { ProblemAlert } from '../components/problem-view.tsx'
import { Commands } from './commands.tsx'
import { QueueFields } from './queue-fields.tsx'
import { checkForm, NEW_QUEUE, nameOf, type QueueForm, toNewQueues } from './queue-form.ts'

interface DialogProps {
  readonly isOpen: boolean
  onClose(): void
}

/** Makes a queue, and says what each choice means. */
export function CreateQueueDialog({ isOpen, onClose }: DialogProps) {
  const isNarrow = useMediaQuery('(max-width: 48em)')
  return (
    <Modal
      opened={isOpen}
      onClose={onClose}
      title="Create a queue"
      size={760}
      fullScreen={isNarrow === true}
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <CreateQueueForm onClose={onClose} />
    </Modal>
  )
}

const KINDS = [
  {
    kind: 'standard',
    title: 'Standard',
    text: 'As fast as it goes and in no strict order. A message may rarely come twice. Right for most work.',
  },
  {
    kind: 'fifo',
    title: 'FIFO',
    text: 'Keeps the order within each message group, and stores a repeated send once. The name ends in .fifo.',
  },
] as const

function CreateQueueForm({ onClose }: Pick<DialogProps, 'onClose'>) {
  const { api } = useSession()
  const queries = useQueryClient()
  const navigate = useNavigate()
  const [form, setForm] = useState<QueueForm>(NEW_QUEUE)
  const [wasSent, setWasSent] = useState(false)
  const known = queries.getQueryData<readonly { readonly name: string }[]>(['statistics'])
  const isTaken = known?.some(({ name }) => name === nameOf(form)) === true
  const errors = {
    ...(isTaken ? { name: 'There is a queue of this name already.' } : {}),
    ...checkForm(form),
  }
  const isRight = Object.keys(errors).length === 0
  const change = (part: Partial<QueueForm>) => setForm((before) => ({ ...before, ...part }))
  const creation = useMutation({
    mutationFn: async () => {
      // One after the other: a queue cannot point at one that is not there.
      for (const queue of toNewQueues(form)) await api.createQueue(queue)
    },
    onSuccess: async () => {
      const name = nameOf(form)
      notifications.show({ title: 'Created', message: `${name} is ready for its first message.` })
      onClose()
      await navigate(`/queues/${name}`)
      await queries.invalidateQueries({ queryKey: ['statistics'] })
    },
  })
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        setWasSent(true)
        if (isRight) creation.mutate()
      }}
    >
      <Stack gap="xl">
        <Stack gap="md">
          <TextInput
            label="Name"
            placeholder="orders"
            description="Letters, digits, - and _, up to 80. It cannot be changed later."
            inputWrapperOrder={['label', 'input', 'error', 'description']}
            value={form.name}
            onChange={(event) => change({ name: event.currentTarget.value })}
            error={wasSent || form.name !== '' ? errors.name : undefined}
            rightSection={form.kind === 'fifo' ? <Text size="sm">.fifo</Text> : undefined}
            rightSectionWidth={54}
            autoComplete="off"
            spellCheck={false}
            required
            data-autofocus
          />
          <Radio.Group label="Kind" value={form.kind} onChange={(kind) => change({ kind: kind as QueueForm['kind'] })}>
            <div className="kinds">
              {KINDS.map(({ kind, title, text }) => (
                <Radio.Card key={kind} value={kind} className="kind" aria-label={title}>
                  <Group wrap="nowrap" align="flex-start" gap="sm">
                    <Radio.Indicator />
                    <div>
                      <Text fw={600}>{title}</Text>
                      <Text size="sm" c="dimmed">
                        {text}
                      </Text>
                    </div>
                  </Group>
                </Radio.Card>
              ))}
            </div>
          </Radio.Group>
        </Stack>
        <QueueFields form={form} errors={errors} onChange={change} isNew />
        {isRight && (
          <Commands calls={toNewQueues(form).map((body) => ({ method: 'POST', path: '/v1/queues', body }))} />
        )}
        {creation.error !== null && <ProblemAlert error={creation.error} />}
        <div className="dialog-foot">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={creation.isPending}>
            Create queue
          </Button>
        </div>
      </Stack>
    </form>
  )
}
