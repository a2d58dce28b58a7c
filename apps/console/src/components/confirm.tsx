import { Button, Group, Modal, Stack, Text, TextInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { createContext, type ReactNode, useCallback, useContext, useState } from 'react'
import type { CurlCall } from '../curl/curl-command.ts'
import { CurlBlock } from './curl-block.tsx'
import { ProblemAlert } from './problem-view.tsx'

/** An act that must not happen by accident. */
export interface Act {
  readonly title: string
  /** What happens, and what does not come back. */
  readonly text: ReactNode
  /** On the button: a verb, such as "Purge the queue". */
  readonly verb: string
  /** The call that is made, shown as a command. */
  readonly call: Pick<CurlCall, 'method' | 'path' | 'body'>
  /** Must be typed first. */
  readonly typed?: string
  /** Whether what is done cannot be undone; it is, when absent. */
  readonly isDestructive?: boolean
  run(): Promise<unknown>
}

const ConfirmContext = createContext<((act: Act) => void) | undefined>(undefined)

/** A function that asks before it acts. */
export function useConfirm(): (act: Act) => void {
  const confirm = useContext(ConfirmContext)
  if (confirm === undefined) throw new Error('nothing can be confirmed here')
  return confirm
}

/** Holds the one dialog in which acts are confirmed. */
export function ConfirmProvider({ children }: { readonly children: ReactNode }) {
  const [act, setAct] = useState<Act>()
  const [isOpen, setIsOpen] = useState(false)
  const confirm = useCallback((next: Act) => {
    setAct(next)
    setIsOpen(true)
  }, [])
  return (
    <ConfirmContext value={confirm}>
      {children}
      <Modal
        opened={isOpen}
        onClose={() => setIsOpen(false)}
        title={act?.title}
        size="lg"
        closeButtonProps={{ 'aria-label': 'Close' }}
      >
        {act !== undefined && <ConfirmForm key={act.title} act={act} onClose={() => setIsOpen(false)} />}
      </Modal>
    </ConfirmContext>
  )
}

function ConfirmForm({ act, onClose }: { readonly act: Act; onClose(): void }) {
  const [typed, setTyped] = useState('')
  const mutation = useMutation({ mutationFn: act.run, onSuccess: onClose })
  const isReady = act.typed === undefined || typed === act.typed
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        if (isReady) mutation.mutate()
      }}
    >
      <Stack>
        <Text component="div">{act.text}</Text>
        <CurlBlock call={act.call} />
        {act.typed !== undefined && (
          <TextInput
            label={
              <>
                Type <b>{act.typed}</b> to confirm
              </>
            }
            value={typed}
            onChange={(event) => setTyped(event.currentTarget.value)}
            autoComplete="off"
            spellCheck={false}
            data-autofocus
          />
        )}
        {mutation.error !== null && <ProblemAlert error={mutation.error} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button
            type="submit"
            color={act.isDestructive === false ? 'brand' : 'danger'}
            disabled={!isReady}
            loading={mutation.isPending}
            {...(act.typed === undefined ? { 'data-autofocus': true } : {})}
          >
            {act.verb}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}
