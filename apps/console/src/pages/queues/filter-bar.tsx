import { Chip, CloseButton, Group, MultiSelect, SegmentedControl, Text, TextInput } from '@mantine/core'
import { IconSearch } from '@tabler/icons-react'
import { type RefObject, useEffect, useState } from 'react'
import { formatNumber } from '../../components/format.ts'
import type { QueueView } from './queue-view.ts'

interface FilterBarProps {
  readonly view: QueueView
  onChange(change: Partial<QueueView>): void
  /** Those that there are. */
  readonly tags: readonly string[]
  readonly shown: number
  readonly all: number
  readonly inputRef: RefObject<HTMLInputElement | null>
}

/** What of all queues is seen. */
export function FilterBar({ view, onChange, tags, shown, all, inputRef }: FilterBarProps) {
  return (
    <Group gap="sm" p="sm" component="search" className="filter-bar">
      <TextFilter text={view.text} onChange={(text) => onChange({ text })} inputRef={inputRef} />
      <SegmentedControl
        size="sm"
        aria-label="Kind"
        value={view.kind}
        onChange={(kind) => onChange({ kind: kind as QueueView['kind'] })}
        data={[
          { value: 'all', label: 'All' },
          { value: 'standard', label: 'Standard' },
          { value: 'fifo', label: 'FIFO' },
        ]}
      />
      <Chip size="sm" radius="md" checked={view.withMessages} onChange={(withMessages) => onChange({ withMessages })}>
        With messages
      </Chip>
      <Chip size="sm" radius="md" checked={view.withProblems} onChange={(withProblems) => onChange({ withProblems })}>
        With problems
      </Chip>
      {(tags.length > 0 || view.tags.length > 0) && (
        <MultiSelect
          className="filter-tags"
          aria-label="Tags"
          placeholder={view.tags.length === 0 ? 'Tags' : ''}
          // A tag of an address that no queue has any more must be removable, too.
          data={[...new Set([...tags, ...view.tags])]}
          value={[...view.tags]}
          onChange={(chosen) => onChange({ tags: chosen })}
          searchable
          clearable
          clearButtonProps={{ 'aria-label': 'Forget the tags' }}
          limit={50}
          hidePickedOptions
          nothingFoundMessage="No such tag"
        />
      )}
      <Text size="sm" c="dimmed" className="numbers filter-count" aria-live="polite">
        {shown === all ? formatNumber(all) : `${formatNumber(shown)} of ${formatNumber(all)}`} queues
      </Text>
    </Group>
  )
}

/** Typing must not wait for ten thousand queues to be filtered. */
const TYPING_PAUSE_MS = 120

function TextFilter({
  text,
  onChange,
  inputRef,
}: {
  readonly text: string
  onChange(text: string): void
  readonly inputRef: RefObject<HTMLInputElement | null>
}) {
  const [typed, setTyped] = useState(text)
  useEffect(() => setTyped(text), [text])
  useEffect(() => {
    if (typed === text) return
    const timer = setTimeout(() => onChange(typed), TYPING_PAUSE_MS)
    return () => clearTimeout(timer)
  }, [typed, text, onChange])
  return (
    <TextInput
      ref={inputRef}
      className="filter-text"
      type="search"
      aria-label="Filter by name or tag"
      placeholder="Filter by name or tag"
      leftSection={<IconSearch size={16} aria-hidden />}
      rightSection={
        typed === '' ? undefined : <CloseButton size="sm" aria-label="Clear the filter" onClick={() => setTyped('')} />
      }
      value={typed}
      onChange={(event) => setTyped(event.currentTarget.value)}
      onKeyDown={(event) => {
        if (event.key === 'Escape') event.currentTarget.blur()
      }}
    />
  )
}
