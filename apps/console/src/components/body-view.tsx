import { Group, SegmentedControl, Text } from '@mantine/core'
import { useMemo, useState } from 'react'
import { describeBody } from '../message/describe-body.ts'
import { CopyButton } from './copy-button.tsx'
import { formatBytes } from './format.ts'
import { HexView } from './hex-view.tsx'
import { JsonView } from './json-view.tsx'

const KINDS = { json: 'JSON', base64: 'Bytes in base64', text: 'Text' } as const

/** The body of a message as people read it, and as it was sent. */
export function BodyView({ body, bodyBytes }: { readonly body: string; readonly bodyBytes?: number }) {
  const described = useMemo(() => describeBody(body), [body])
  const [view, setView] = useState('pretty')
  const bytes = bodyBytes ?? new TextEncoder().encode(body).length
  const isPretty = view === 'pretty' && described.kind !== 'text'
  return (
    <section aria-label="Body" className="body-view">
      <Group justify="space-between" className="body-bar" gap="xs">
        <Text size="xs" c="dimmed" fw={600}>
          {KINDS[described.kind]} · {formatBytes(bytes)}
        </Text>
        <Group gap={4}>
          {described.kind !== 'text' && (
            <SegmentedControl
              size="xs"
              aria-label="How the body is shown"
              value={view}
              onChange={setView}
              data={[
                { value: 'pretty', label: described.kind === 'json' ? 'Pretty' : 'Hex' },
                { value: 'raw', label: 'As sent' },
              ]}
            />
          )}
          <CopyButton text={body} label="the body" />
        </Group>
      </Group>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <div className="body-scroll" tabIndex={0}>
        {isPretty && described.kind === 'json' && <JsonView node={described.node} />}
        {isPretty && described.kind === 'base64' && <HexView bytes={described.bytes} />}
        {!isPretty && <pre className="body-raw">{body}</pre>}
      </div>
    </section>
  )
}
