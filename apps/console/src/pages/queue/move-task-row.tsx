import { Table, Text } from '@mantine/core'
import type { MoveTask } from '@stanchion/client'
import { formatDuration, formatNumber, formatTime } from '../../components/format.ts'

const OUTCOMES = { running: 'running', completed: 'completed', cancelled: 'cancelled', failed: 'failed' } as const

/** What a failure means, and what to do. */
const FAILURES: Readonly<Record<NonNullable<MoveTask['failure']>, string>> = {
  destinationNotFound: 'The queue that the next message should go to does not exist. Create it, or choose another one.',
  sourceUnknown:
    'It is not known where the next message came from: it was sent here directly. Choose one queue for all.',
  timedOut: 'It ran for longer than a task may. Start again for the rest.',
}

/** A task that ended, as a row. */
export function MoveTaskRow({ task }: { readonly task: MoveTask }) {
  const { status, failure, startedAt, endedAt, messagesMoved, messagesToMove, destination } = task
  return (
    <Table.Tr>
      <Table.Td>{formatTime(startedAt)}</Table.Td>
      <Table.Td maw={320}>
        <span className={`outcome outcome-${status}`}>{OUTCOMES[status]}</span>
        {failure !== undefined && (
          <Text size="xs" c="dimmed" mt={4}>
            {FAILURES[failure]}
          </Text>
        )}
      </Table.Td>
      <Table.Td className="numbers">
        {formatNumber(messagesMoved)} of {formatNumber(messagesToMove)}
      </Table.Td>
      <Table.Td>{destination ?? 'where they came from'}</Table.Td>
      <Table.Td className="numbers">
        {endedAt === undefined ? '' : formatDuration((Date.parse(endedAt) - Date.parse(startedAt)) / 1_000)}
      </Table.Td>
    </Table.Tr>
  )
}
