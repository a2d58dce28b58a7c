import { Table, Text, VisuallyHidden } from '@mantine/core'
import type { MessageAttributes } from '@stanchion/client'
import { bytesOfBase64, isBase64 } from '../message/base64.ts'
import { CopyButton } from './copy-button.tsx'
import { HexView } from './hex-view.tsx'

/** The attributes of a message; bytes as hex. */
export function AttributesTable({ attributes }: { readonly attributes: MessageAttributes }) {
  const entries = Object.entries(attributes)
  if (entries.length === 0) {
    return (
      <Text size="sm" c="dimmed">
        This message has no attributes.
      </Text>
    )
  }
  return (
    <Table.ScrollContainer minWidth={0} type="native">
      <Table verticalSpacing={6} layout="auto">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Name</Table.Th>
            <Table.Th>Type</Table.Th>
            <Table.Th>Value</Table.Th>
            <Table.Th>
              <VisuallyHidden>Copy</VisuallyHidden>
            </Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {entries.map(([name, { type, label, value }]) => (
            <Table.Tr key={name}>
              <Table.Td className="mono-cell">{name}</Table.Td>
              <Table.Td>{label === undefined ? type : `${type}.${label}`}</Table.Td>
              <Table.Td className="mono-cell">
                {type === 'binary' && isBase64(value) ? <HexView bytes={bytesOfBase64(value)} /> : value}
              </Table.Td>
              <Table.Td>
                <CopyButton text={value} label={`the value of ${name}`} />
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  )
}
