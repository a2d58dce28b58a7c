import { Alert, Button, Group, NumberInput, Paper, Progress, Stack, Text } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import type { Message, QueueDescription } from '@stanchion/client'
import { IconClockPlus, IconDownload, IconInfoCircle, IconMailOff, IconRotate2, IconTrash } from '@tabler/icons-react'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { useSession } from '../../api/session.tsx'
import { AttributesTable } from '../../components/attributes-table.tsx'
import { BodyView } from '../../components/body-view.tsx'
import { useConfirm } from '../../components/confirm.tsx'
import { CurlBlock } from '../../components/curl-block.tsx'
import { EmptyView } from '../../components/empty-view.tsx'
import { Facts } from '../../components/facts.tsx'
import { formatDuration, formatTime } from '../../components/format.ts'
import { NotAllowed } from '../../components/not-allowed.tsx'
import { ProblemAlert } from '../../components/problem-view.tsx'
import { restPath } from '../../curl/curl-command.ts'
import { type HeldMessage, holdMessage, leaseLeft } from '../../leases/held-message.ts'

/** Receives messages by hand and settles them. */
export function ReceiveTab({ queue }: { readonly queue: QueueDescription }) {
  const { may } = useSession()
  if (!may('receive', queue.name)) return <NotAllowed permission="receive" to="receive messages" />
  return <Receiver queue={queue} />
}

type Held = HeldMessage<Message>

/** What a lease is extended by when nobody says. */
const EXTENSION_SECONDS = 60

function Receiver({ queue }: { readonly queue: QueueDescription }) {
  const { api } = useSession()
  const queries = useQueryClient()
  const [maxMessages, setMaxMessages] = useState<number | string>(1)
  const [leaseSeconds, setLeaseSeconds] = useState<number | string>(
    Math.max(60, queue.settings.visibilityTimeoutSeconds),
  )
  const [waitSeconds, setWaitSeconds] = useState<number | string>(0)
  const [held, setHeld] = useState<readonly Held[]>([])
  const nowMs = useNow(held.length > 0)
  const request = {
    maxMessages: numberOr(maxMessages, 1),
    visibilityTimeoutSeconds: numberOr(leaseSeconds, queue.settings.visibilityTimeoutSeconds),
    waitSeconds: numberOr(waitSeconds, 0),
  }
  const refresh = () => void queries.invalidateQueries({ queryKey: ['counts', queue.name] })

  const receive = useMutation({
    mutationFn: async () => {
      const askedAtMs = Date.now()
      const messages = await api.queue(queue.name).receive(request)
      // A long poll may have waited: the lease began when the answer was made.
      const beganAtMs = request.waitSeconds === 0 ? askedAtMs : Date.now()
      return messages.map((message) => holdMessage(message, beganAtMs, request.visibilityTimeoutSeconds))
    },
    onSuccess: (more) => {
      setHeld((before) => [...more, ...before])
      refresh()
    },
  })
  const letGo = (handle: string) => setHeld((all) => all.filter(({ message }) => message.receiptHandle !== handle))
  const replace = (next: Held) =>
    setHeld((all) => all.map((one) => (one.message.receiptHandle === next.message.receiptHandle ? next : one)))

  const deadLetter = queue.deadLetter
  return (
    <Stack>
      <Paper withBorder p="lg">
        <form
          onSubmit={(event) => {
            event.preventDefault()
            receive.mutate()
          }}
        >
          <Stack>
            <Alert variant="default" icon={<IconInfoCircle aria-hidden />} className="not-allowed">
              <Text size="sm">
                This is a real receive: each message is leased to you, other consumers do not get it meanwhile, and it
                counts as one delivery
                {deadLetter !== undefined &&
                  ` of the ${deadLetter.receiveCountMax} it may have before it becomes a dead letter`}
                .
              </Text>
            </Alert>
            <Group align="flex-end" gap="md" className="receive-form">
              <NumberInput
                label="Messages"
                min={1}
                max={100}
                allowDecimal={false}
                value={maxMessages}
                onChange={setMaxMessages}
              />
              <NumberInput
                label="Lease"
                suffix=" s"
                min={1}
                max={31_536_000}
                allowDecimal={false}
                value={leaseSeconds}
                onChange={setLeaseSeconds}
              />
              <NumberInput
                label="Wait for a first one"
                suffix=" s"
                min={0}
                max={20}
                allowDecimal={false}
                value={waitSeconds}
                onChange={setWaitSeconds}
              />
              <Button type="submit" loading={receive.isPending} leftSection={<IconDownload size={18} aria-hidden />}>
                Receive
              </Button>
            </Group>
            <CurlBlock
              call={{
                method: 'POST',
                path: restPath('/v1/queues/{queue}/receive', { queue: queue.name }),
                body: request,
              }}
            />
            {receive.error !== null && <ProblemAlert error={receive.error} />}
          </Stack>
        </form>
      </Paper>
      {receive.isSuccess && receive.data.length === 0 && (
        <Paper withBorder role="status">
          <EmptyView
            icon={IconMailOff}
            title="Nothing to receive"
            text="No message was ready. It may be leased to somebody, or delayed."
          />
        </Paper>
      )}
      {held.map((one) => (
        <HeldMessageCard
          key={one.message.receiptHandle}
          held={one}
          nowMs={nowMs}
          queue={queue.name}
          onLetGo={letGo}
          onExtend={replace}
          onSettled={refresh}
        />
      ))}
    </Stack>
  )
}

interface HeldMessageCardProps {
  readonly held: Held
  readonly nowMs: number
  readonly queue: string
  onLetGo(handle: string): void
  onExtend(held: Held): void
  onSettled(): void
}

function HeldMessageCard({ held, nowMs, queue, onLetGo, onExtend, onSettled }: HeldMessageCardProps) {
  const { api } = useSession()
  const confirm = useConfirm()
  const { message } = held
  const { receiptHandle, messageId } = message
  const left = leaseLeft(held, nowMs)
  const path = { queue, receiptHandle }

  const extend = useMutation({
    mutationFn: async () => {
      const askedAtMs = Date.now()
      await api.queue(queue).extend(receiptHandle, EXTENSION_SECONDS)
      return holdMessage(message, askedAtMs, EXTENSION_SECONDS)
    },
    onSuccess: onExtend,
    onSettled,
  })
  const release = useMutation({
    mutationFn: () => api.queue(queue).release(receiptHandle),
    onSuccess: () => {
      onLetGo(receiptHandle)
      notifications.show({ title: 'Released', message: 'It can be received again at once.' })
    },
    onSettled,
  })
  const remove = () =>
    confirm({
      title: 'Delete the message',
      text: 'Its work is done: it is removed from the queue for good.',
      verb: 'Delete',
      call: { method: 'DELETE', path: restPath('/v1/queues/{queue}/leases/{receiptHandle}', path) },
      run: async () => {
        await api.queue(queue).delete(receiptHandle)
        onLetGo(receiptHandle)
        onSettled()
        notifications.show({ title: 'Deleted', message: messageId })
      },
    })

  return (
    <Paper withBorder p="lg" component="article" aria-label={`Message ${messageId}`}>
      <Stack>
        <Group justify="space-between">
          <Text ff="monospace" size="sm" fw={600} className="breakable">
            {messageId}
          </Text>
          <Text
            size="sm"
            c={left.isOver ? 'red' : 'dimmed'}
            className={`numbers ${left.isOver ? 'alert-text' : ''}`}
            role="timer"
          >
            {left.isOver
              ? 'The lease is over: others may receive it'
              : `leased for ${formatDuration(left.secondsLeft)} more`}
          </Text>
        </Group>
        <Progress
          value={left.fraction * 100}
          size="xs"
          color={left.fraction < 0.2 ? 'red' : 'brand'}
          aria-label="What is left of the lease"
        />
        <BodyView body={message.body} />
        <Facts
          facts={[
            ['Deliveries', message.receiveCount],
            ['Sent', formatTime(message.sentAt)],
            ['First received', formatTime(message.firstReceivedAt)],
            ['Group', message.groupId],
            ['Deduplication id', message.deduplicationId],
            ['Number', message.sequenceNumber],
            ['Dead letter of', message.deadLetterSource],
            ['Trace', message.traceHeader],
          ]}
        />
        <AttributesTable attributes={message.attributes} />
        {extend.error !== null && <ProblemAlert error={extend.error} />}
        {release.error !== null && <ProblemAlert error={release.error} />}
        <Group gap="xs">
          <Button
            variant="default"
            size="sm"
            loading={extend.isPending}
            leftSection={<IconClockPlus size={17} aria-hidden />}
            onClick={() => extend.mutate()}
          >
            Extend to {EXTENSION_SECONDS} s
          </Button>
          <Button
            variant="default"
            size="sm"
            loading={release.isPending}
            leftSection={<IconRotate2 size={17} aria-hidden />}
            onClick={() => release.mutate()}
          >
            Release
          </Button>
          <Button
            variant="filled"
            color="danger"
            size="sm"
            leftSection={<IconTrash size={17} aria-hidden />}
            onClick={remove}
          >
            Delete …
          </Button>
          {left.isOver && (
            <Button variant="subtle" size="sm" onClick={() => onLetGo(receiptHandle)}>
              Put away
            </Button>
          )}
        </Group>
      </Stack>
    </Paper>
  )
}

/** The time by the clock of the page, every second while something runs. */
function useNow(isRunning: boolean): number {
  const [nowMs, setNowMs] = useState(Date.now)
  useEffect(() => {
    if (!isRunning) return undefined
    setNowMs(Date.now())
    const timer = setInterval(() => setNowMs(Date.now()), 1_000)
    return () => clearInterval(timer)
  }, [isRunning])
  return nowMs
}

function numberOr(value: number | string, fallback: number): number {
  return typeof value === 'number' ? value : fallback
}
