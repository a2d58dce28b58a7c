import { Group, Paper, Skeleton, Stack, VisuallyHidden } from '@mantine/core'

const TILES = ['queues', 'messages', 'in', 'out', 'dead']
const ROWS = ['a', 'b', 'c', 'd', 'e', 'f']

/** The shape of the page, before there are numbers. */
export function QueuesLoading() {
  return (
    <div role="status">
      <VisuallyHidden>Loading the queues</VisuallyHidden>
      <Paper withBorder className="band" aria-hidden>
        {TILES.map((tile) => (
          <Stack key={tile} gap={10} className={tile === 'messages' ? 'band-tile band-messages' : 'band-tile'}>
            <Skeleton height={10} width={60} />
            <Skeleton height={26} width={90} />
            <Skeleton height={10} width="80%" />
          </Stack>
        ))}
      </Paper>
      <Paper withBorder className="queues" aria-hidden>
        <Group p="sm">
          <Skeleton height={34} width={260} />
          <Skeleton height={34} width={200} />
        </Group>
        {ROWS.map((row) => (
          <Group key={row} justify="space-between" className="loading-row">
            <Skeleton height={12} width="28%" />
            <Skeleton height={8} width="16%" />
            <Skeleton height={12} width="32%" />
          </Group>
        ))}
      </Paper>
    </div>
  )
}
