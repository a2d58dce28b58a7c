import { Group, Text, UnstyledButton } from '@mantine/core'
import type { PeekedMessage } from '@stanchion/client'
import { formatBytes, formatDuration } from '../../components/format.ts'

/** As much of a body as fits into a line. */
const PREVIEW_LENGTH = 240

/** A message in a list: the beginning of its body and what one looks for first. */
export function MessageRow({ message, onOpen }: { readonly message: PeekedMessage; onOpen(): void }) {
  const { body, bodyBytes, receiveCount, sentAt, visibleAt, groupId, state } = message
  const attributeCount = Object.keys(message.attributes).length
  return (
    <li>
      <UnstyledButton className="message-row" onClick={onOpen}>
        <Text ff="monospace" size="sm" truncate className="message-preview">
          {body.slice(0, PREVIEW_LENGTH).replace(/\s+/g, ' ')}
        </Text>
        <Group gap="md" className="message-facts numbers">
          <span>sent {formatDuration((Date.now() - Date.parse(sentAt)) / 1_000)} ago</span>
          <span>
            {receiveCount === 0
              ? 'never received'
              : `received ${receiveCount === 1 ? 'once' : `${receiveCount} times`}`}
          </span>
          {visibleAt !== undefined && state !== 'ready' && (
            <span>ready in {formatDuration((Date.parse(visibleAt) - Date.now()) / 1_000)}</span>
          )}
          {groupId !== undefined && <span>group {groupId}</span>}
          {attributeCount > 0 && (
            <span>
              {attributeCount} attribute{attributeCount === 1 ? '' : 's'}
            </span>
          )}
          <span>{formatBytes(bodyBytes)}</span>
        </Group>
      </UnstyledButton>
    </li>
  )
}
