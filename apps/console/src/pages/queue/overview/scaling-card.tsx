import { Group, Paper, Text, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useSession } from '../../../api/session.tsx'
import { formatDuration, formatNumber } from '../../../components/format.ts'

const REFRESH_MS = 10_000

/** How many consumers the queue asks for, and why. */
export function ScalingCard({ name }: { readonly name: string }) {
  const { api } = useSession()
  const scaling = useQuery({
    queryKey: ['scaling', name],
    queryFn: ({ signal }) => api.queue(name).scaling({ signal }),
    refetchInterval: REFRESH_MS,
  })
  // Charts and numbers beside it say already what is wrong with the server.
  if (scaling.data === undefined) return null
  const { desiredConsumers, reason, outstandingMessages, drainSeconds } = scaling.data
  return (
    <Paper withBorder p="lg" component="section" aria-label="Consumers">
      <Title order={2} size="h5" mb="sm">
        Consumers it asks for
      </Title>
      <Group gap="lg" wrap="nowrap" align="center">
        <span className="scaling-number numbers">{formatNumber(desiredConsumers)}</span>
        <div>
          <Text size="sm">{reason}</Text>
          {outstandingMessages > 0 && (
            <Text size="sm" c="dimmed">
              {drainSeconds === null
                ? 'At this pace the queue is never worked off.'
                : `At this pace it is worked off in ${formatDuration(drainSeconds)}.`}
            </Text>
          )}
        </div>
      </Group>
    </Paper>
  )
}
