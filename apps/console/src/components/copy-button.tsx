import { ActionIcon, Tooltip } from '@mantine/core'
import { useClipboard } from '@mantine/hooks'
import { IconCheck, IconCopy } from '@tabler/icons-react'

/** Copies a text. @param label what is copied, such as "the message id" */
export function CopyButton({ text, label }: { readonly text: string; readonly label: string }) {
  const clipboard = useClipboard({ timeout: 2_000 })
  const says =
    clipboard.error !== null ? 'The browser does not allow it' : clipboard.copied ? 'Copied' : `Copy ${label}`
  return (
    <Tooltip label={says}>
      <ActionIcon variant="subtle" color="gray" aria-label={`Copy ${label}`} onClick={() => clipboard.copy(text)}>
        {clipboard.copied ? <IconCheck size={16} aria-hidden /> : <IconCopy size={16} aria-hidden />}
      </ActionIcon>
    </Tooltip>
  )
}
