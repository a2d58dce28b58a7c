import { useMediaQuery } from '@mantine/hooks'
import { useWindowVirtualizer } from '@tanstack/react-virtual'
import { useLayoutEffect, useRef, useState } from 'react'
import { QueueCards } from './queue-cards.tsx'
import { QueueTable } from './queue-table.tsx'
import type { QueueRow, QueueView } from './queue-view.ts'

export interface QueueListProps {
  readonly queues: readonly QueueRow[]
  readonly view: QueueView
  onChange(change: Partial<QueueView>): void
}

/** Which rows are drawn, and how much room the others take. */
export interface Slice {
  readonly rows: readonly { readonly index: number; readonly queue: QueueRow }[]
  readonly before: number
  readonly after: number
  /** Messages of the deepest queue: they fill a whole bar. */
  readonly full: number
}

const ROW_HEIGHT = 60
const CARD_HEIGHT = 112

/** The queues, of which only those in sight are drawn: ten thousand scroll like ten. */
export function QueueList({ queues, view, onChange }: QueueListProps) {
  const isNarrow = useMediaQuery('(max-width: 48em)', undefined, { getInitialValueInEffect: false }) ?? false
  const list = useRef<HTMLDivElement>(null)
  const [top, setTop] = useState(0)
  // What stands above it grows and shrinks.
  useLayoutEffect(() => {
    const place = () => setTop((list.current?.getBoundingClientRect().top ?? 0) + window.scrollY)
    place()
    const observer = new ResizeObserver(place)
    observer.observe(document.body)
    return () => observer.disconnect()
  }, [])
  const height = isNarrow ? CARD_HEIGHT : ROW_HEIGHT
  const virtualizer = useWindowVirtualizer({
    count: queues.length,
    estimateSize: () => height,
    overscan: 8,
    scrollMargin: top,
    getItemKey: (index) => `${queues[index]?.name}-${height}`,
  })
  const items = virtualizer.getVirtualItems()
  const slice: Slice = {
    rows: items.flatMap(({ index }) => {
      const queue = queues[index]
      return queue === undefined ? [] : [{ index, queue }]
    }),
    before: (items[0]?.start ?? top) - top,
    after: virtualizer.getTotalSize() - ((items.at(-1)?.end ?? top) - top),
    full: queues.reduce((most, { stored }) => Math.max(most, stored), 0),
  }
  return (
    <div ref={list}>
      {isNarrow ? (
        <QueueCards slice={slice} count={queues.length} view={view} onChange={onChange} />
      ) : (
        <QueueTable slice={slice} count={queues.length} view={view} onChange={onChange} />
      )}
    </div>
  )
}
