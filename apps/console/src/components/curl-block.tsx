import { Box, Group, Text } from '@mantine/core'
import { useSession } from '../api/session.tsx'
import { type CurlCall, curlCommand, KEY_VARIABLE } from '../curl/curl-command.ts'
import { CopyButton } from './copy-button.tsx'

/** A call as the command that does the same from a terminal. */
export function CurlBlock({ call }: { readonly call: Pick<CurlCall, 'method' | 'path' | 'body'> }) {
  const { curl, who } = useSession()
  const command = curlCommand(curl(call))
  return (
    <Box className="curl">
      <Group justify="space-between" gap="xs" wrap="nowrap">
        <Text size="xs" fw={600} c="dimmed">
          The same from a terminal
        </Text>
        <CopyButton text={command} label="the command" />
      </Group>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <pre tabIndex={0}>{command}</pre>
      {who.authentication === 'on' && (
        <Text size="xs" c="dimmed">
          ${KEY_VARIABLE} holds your key, {'<id>.<secret>'}.
        </Text>
      )}
    </Box>
  )
}
