import { ActionIcon, Button, Group, Paper, Select, Stack, Text, Textarea, TextInput } from '@mantine/core'
import { IconPlus, IconTrash } from '@tabler/icons-react'
import { ATTRIBUTES_MAX, type AttributeProblems, type AttributeRow } from '../message/check-message.ts'

const TYPES = [
  { value: 'string', label: 'String' },
  { value: 'number', label: 'Number' },
  { value: 'binary', label: 'Binary (base64)' },
]

const NEW_ROW: AttributeRow = { name: '', type: 'string', label: '', value: '' }

interface AttributeEditorProps {
  readonly rows: readonly AttributeRow[]
  /** One entry a row. */
  readonly problems: readonly AttributeProblems[]
  /** Whether empty fields are already held against whoever types. */
  readonly isStrict: boolean
  onChange(rows: readonly AttributeRow[]): void
}

/** Rows of names, types and values, up to as many as a message may have. */
export function AttributeEditor({ rows, problems, isStrict, onChange }: AttributeEditorProps) {
  const change = (index: number, part: Partial<AttributeRow>) =>
    onChange(rows.map((row, place) => (place === index ? { ...row, ...part } : row)))
  return (
    <Stack gap="xs" role="group" aria-label="Attributes">
      {rows.map((row, index) => {
        const problem = problems[index] ?? {}
        return (
          <Paper
            key={index}
            withBorder
            p="sm"
            className="attribute-row"
            role="group"
            aria-label={`Attribute ${index + 1}`}
          >
            <TextInput
              label="Name"
              value={row.name}
              error={isStrict || row.name !== '' ? problem.name : undefined}
              onChange={(event) => change(index, { name: event.currentTarget.value })}
              spellCheck={false}
            />
            <Select
              label="Type"
              data={TYPES}
              value={row.type}
              allowDeselect={false}
              onChange={(type) => change(index, { type: (type ?? 'string') as AttributeRow['type'] })}
            />
            <TextInput
              label="Label"
              placeholder="optional"
              value={row.label}
              error={problem.label}
              onChange={(event) => change(index, { label: event.currentTarget.value })}
              spellCheck={false}
            />
            <Textarea
              label="Value"
              autosize
              minRows={1}
              maxRows={6}
              value={row.value}
              error={isStrict || row.value !== '' ? problem.value : undefined}
              onChange={(event) => change(index, { value: event.currentTarget.value })}
              spellCheck={false}
            />
            <ActionIcon
              variant="subtle"
              color="gray"
              size="lg"
              className="attribute-remove"
              aria-label={`Remove attribute ${row.name || index + 1}`}
              onClick={() => onChange(rows.filter((_, place) => place !== index))}
            >
              <IconTrash size={18} aria-hidden />
            </ActionIcon>
          </Paper>
        )
      })}
      <Group gap="sm">
        <Button
          variant="default"
          size="xs"
          leftSection={<IconPlus size={16} aria-hidden />}
          disabled={rows.length >= ATTRIBUTES_MAX}
          onClick={() => onChange([...rows, NEW_ROW])}
        >
          Add an attribute
        </Button>
        <Text size="xs" c="dimmed">
          {rows.length >= ATTRIBUTES_MAX
            ? `A message has up to ${ATTRIBUTES_MAX}.`
            : 'Values that travel beside the body.'}
        </Text>
      </Group>
    </Stack>
  )
}
