import { Badge, Tooltip } from '@mantine/core'

/** Says what kind of queue this is, where it is not the usual one. */
export function KindBadge({ kind }: { readonly kind: 'standard' | 'fifo' }) {
  if (kind === 'standard') return null
  return (
    <Tooltip label="Keeps the order of each message group and stores a message once within five minutes">
      <Badge variant="default" radius="sm" size="sm">
        FIFO
      </Badge>
    </Tooltip>
  )
}
