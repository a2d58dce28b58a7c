import { Paper } from '@mantine/core'
import type { QueueDescription } from '@stanchion/client'
import { Facts } from '../../components/facts.tsx'
import { formatBytes, formatDuration, formatTime } from '../../components/format.ts'

/** How a queue behaves. */
export function SettingsTab({ queue: { settings, createdAt, modifiedAt } }: { readonly queue: QueueDescription }) {
  return (
    <Paper withBorder p="lg">
      <Facts
        facts={[
          ['Visibility timeout', formatDuration(settings.visibilityTimeoutSeconds)],
          ['Delay', formatDuration(settings.delaySeconds)],
          ['Retention', formatDuration(settings.retentionSeconds)],
          ['Receive wait', formatDuration(settings.receiveWaitSeconds)],
          ['Largest message', formatBytes(settings.messageBytesMax)],
          ['Created', formatTime(createdAt)],
          ['Changed', formatTime(modifiedAt)],
        ]}
      />
    </Paper>
  )
}
