import { Text } from '@mantine/core'
import { useMemo } from 'react'
import { hexDump } from '../message/hex-dump.ts'

/** Enough to recognise what it is. */
const BYTES_SHOWN_MAX = 4_096

/** Bytes as a hex dump. */
export function HexView({ bytes }: { readonly bytes: Uint8Array }) {
  const lines = useMemo(() => hexDump(bytes.subarray(0, BYTES_SHOWN_MAX)), [bytes])
  return (
    <>
      <pre className="hex">
        {lines
          .map(({ offset, hex, ascii }) => `${offset}  ${hex.padEnd(lines[0]?.hex.length ?? 0)}  ${ascii}`)
          .join('\n')}
      </pre>
      {bytes.length > BYTES_SHOWN_MAX && (
        <Text size="xs" c="dimmed">
          The first {BYTES_SHOWN_MAX} of {bytes.length} bytes.
        </Text>
      )}
    </>
  )
}
