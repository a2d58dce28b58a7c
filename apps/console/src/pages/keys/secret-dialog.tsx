import { Alert, Box, Button, Group, Modal, Stack, Text } from '@mantine/core'
import type { NewAccessKey } from '@stanchion/client'
import { IconAlertTriangle } from '@tabler/icons-react'
import { CopyButton } from '../../components/copy-button.tsx'

/** Shows the secret of a new key, this once. */
export function SecretDialog({ made, onClose }: { readonly made: NewAccessKey | undefined; onClose(): void }) {
  return (
    <Modal
      opened={made !== undefined}
      onClose={onClose}
      title="The new key"
      size="lg"
      // A stray click must not lose what cannot be shown again.
      closeOnClickOutside={false}
      closeOnEscape={false}
      withCloseButton={false}
    >
      {made !== undefined && (
        <Stack>
          <Alert variant="light" color="yellow" className="alert-yellow" icon={<IconAlertTriangle aria-hidden />}>
            Copy it now: the secret is shown this once and can never be read again.
          </Alert>
          <Secret label="For REST and this console" text={`${made.id}.${made.secret}`} copies="the key" />
          <Secret
            label="For SQS clients"
            text={`AWS_ACCESS_KEY_ID=${made.id}\nAWS_SECRET_ACCESS_KEY=${made.secret}`}
            copies="the variables"
          />
          <Group justify="flex-end">
            <Button onClick={onClose} data-autofocus>
              I have copied it
            </Button>
          </Group>
        </Stack>
      )}
    </Modal>
  )
}

function Secret({ label, text, copies }: { readonly label: string; readonly text: string; readonly copies: string }) {
  return (
    <Box className="curl">
      <Group justify="space-between" wrap="nowrap">
        <Text size="xs" fw={600} c="dimmed">
          {label}
        </Text>
        <CopyButton text={text} label={copies} />
      </Group>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <pre tabIndex={0}>{text}</pre>
    </Box>
  )
}
