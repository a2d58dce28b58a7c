import { Button, Group, Kbd, Modal, Stack, Switch, Table, Text } from '@mantine/core'
import { useLocalStorage, useWindowEvent } from '@mantine/hooks'

/** Every key that does something by itself, and where. */
const SHORTCUTS = [
  ['?', 'Show these keys'],
  ['/', 'Filter the queues'],
  ['c', 'Create a queue'],
  ['g', 'Go to the queues'],
  ['t', 'Switch between dark and light'],
  ['Esc', 'Close what is open'],
] as const

/** Who types by voice, or has a cat, wants to switch keys off (WCAG 2.1.4). */
function useShortcutsSwitch() {
  return useLocalStorage({ key: 'stanchion.shortcuts', defaultValue: true, getInitialValueInEffect: false })
}

/** Does something when a key is pressed outside of inputs and dialogs, unless the user has switched such keys off. */
export function useShortcut(key: string, act: () => unknown): void {
  const [isOn] = useShortcutsSwitch()
  useWindowEvent('keydown', (event) => {
    // A layout decides whether a sign takes Shift, so it is the sign that counts.
    if (!isOn || event.key !== key || event.ctrlKey || event.metaKey || event.altKey) return
    if (isTyping(event.target) || document.querySelector('[role="dialog"]') !== null) return
    event.preventDefault()
    act()
  })
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || target.matches('input, textarea, select'))
}

interface ShortcutsDialogProps {
  readonly isOpen: boolean
  onClose(): void
}

/** Says which keys there are, and lets one switch them off. */
export function ShortcutsDialog({ isOpen, onClose }: ShortcutsDialogProps) {
  const [isOn, setIsOn] = useShortcutsSwitch()
  return (
    <Modal opened={isOpen} onClose={onClose} title="Keys" closeButtonProps={{ 'aria-label': 'Close' }}>
      <Stack>
        <Table verticalSpacing={6}>
          <Table.Tbody>
            {SHORTCUTS.map(([key, text]) => (
              <Table.Tr key={key}>
                <Table.Td w={72}>
                  <Kbd>{key}</Kbd>
                </Table.Td>
                <Table.Td>{text}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
        <Switch
          label="Single keys do something"
          checked={isOn}
          onChange={(event) => setIsOn(event.currentTarget.checked)}
        />
        <Group justify="space-between">
          <Text size="sm" c="dimmed">
            Tab and Enter reach everything, with or without them.
          </Text>
          <Button variant="default" onClick={onClose}>
            Close
          </Button>
        </Group>
      </Stack>
    </Modal>
  )
}
