import { Button, Drawer, Group, Stack, Text, Title } from '@mantine/core'
import type { PeekedMessage } from '@stanchion/client'
import { IconSend } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { Link } from 'react-router'
import { useSession } from '../../api/session.tsx'
import { AttributesTable } from '../../components/attributes-table.tsx'
import { BodyView } from '../../components/body-view.tsx'
import { CopyButton } from '../../components/copy-button.tsx'
import { CurlBlock } from '../../components/curl-block.tsx'
import { Facts } from '../../components/facts.tsx'
import { formatTime } from '../../components/format.ts'
import { ProblemView } from '../../components/problem-view.tsx'
import { SplashView } from '../../components/splash-view.tsx'
import { StateBadge } from '../../components/state-badge.tsx'
import { restPath } from '../../curl/curl-command.ts'

interface MessageDrawerProps {
  readonly queue: string
  /** `null`: closed. */
  readonly messageId: string | null
  /** As the list has it, shown until the message itself is there. */
  readonly known: PeekedMessage | undefined
  onClose(): void
}

const REFRESH_EVERY_MS = 3_000

/** One message, whole, beside the list. */
export function MessageDrawer({ queue, messageId, known, onClose }: MessageDrawerProps) {
  return (
    <Drawer
      opened={messageId !== null}
      onClose={onClose}
      position="right"
      size="xl"
      title="Message"
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      {messageId !== null && <Details queue={queue} messageId={messageId} known={known} />}
    </Drawer>
  )
}

interface DetailsProps {
  readonly queue: string
  readonly messageId: string
  readonly known: PeekedMessage | undefined
}

function Details({ queue, messageId, known }: DetailsProps) {
  const { api, may } = useSession()
  const path = restPath('/v1/queues/{queue}/messages/{messageId}', { queue, messageId })
  const peek = useQuery({
    queryKey: ['message', queue, messageId],
    queryFn: ({ signal }) => api.queue(queue).peekMessage(messageId, { signal }),
    // Its state changes while somebody reads; a message that is gone stays gone.
    refetchInterval: ({ state }) => (state.error === null ? REFRESH_EVERY_MS : false),
    placeholderData: () => known,
  })
  if (peek.error !== null) return <ProblemView error={peek.error} onRetry={() => void peek.refetch()} />
  if (peek.data === undefined) return <SplashView />
  const message = peek.data
  return (
    <Stack>
      <Group gap={6} wrap="nowrap">
        <StateBadge state={message.state} />
        <Text ff="monospace" size="sm" className="breakable">
          {messageId}
        </Text>
        <CopyButton text={messageId} label="the message id" />
      </Group>
      <BodyView body={message.body} bodyBytes={message.bodyBytes} />
      <section>
        <Title order={3} size="h5" mb="xs">
          Attributes
        </Title>
        <AttributesTable attributes={message.attributes} />
      </section>
      <section>
        <Title order={3} size="h5" mb="xs">
          What the queue knows
        </Title>
        <Facts
          facts={[
            ['Sent', formatTime(message.sentAt)],
            ['Deliveries', message.receiveCount],
            ['First received', message.firstReceivedAt === undefined ? undefined : formatTime(message.firstReceivedAt)],
            [
              message.state === 'leased' ? 'Lease ends' : 'Ready at',
              message.visibleAt === undefined || message.state === 'ready' ? undefined : formatTime(message.visibleAt),
            ],
            ['Group', message.groupId],
            ['Deduplication id', message.deduplicationId],
            ['Number', message.sequenceNumber],
            ['Dead letter of', message.deadLetterSource],
            ['Trace', message.traceHeader],
          ]}
        />
      </section>
      {may('send', queue) && (
        <Group>
          <Button
            component={Link}
            to={`/queues/${queue}/send`}
            state={{ message: { body: message.body, attributes: message.attributes, groupId: message.groupId } }}
            variant="default"
            leftSection={<IconSend size={17} aria-hidden />}
          >
            Send one like it
          </Button>
        </Group>
      )}
      <CurlBlock call={{ method: 'GET', path }} />
    </Stack>
  )
}
