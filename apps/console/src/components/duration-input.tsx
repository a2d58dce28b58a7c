import { Group, Input, NumberInput, Select } from '@mantine/core'
import { type ReactNode, useId, useState } from 'react'

const UNITS = [
  { value: '1', label: 'seconds' },
  { value: '60', label: 'minutes' },
  { value: '3600', label: 'hours' },
  { value: '86400', label: 'days' },
]

interface DurationInputProps {
  readonly label: string
  readonly description?: ReactNode
  readonly error?: ReactNode
  readonly seconds: number | ''
  onChange(seconds: number | ''): void
}

/** A duration in the unit that suits it: nobody knows 345,600 seconds. */
export function DurationInput({ label, description, error, seconds, onChange }: DurationInputProps) {
  const id = useId()
  const [unit, setUnit] = useState(() => largestUnit(seconds))
  return (
    <Input.Wrapper
      label={label}
      description={description}
      error={error}
      id={id}
      inputWrapperOrder={['label', 'input', 'error', 'description']}
    >
      <Group gap={6} wrap="nowrap" mb={4}>
        <NumberInput
          id={id}
          flex={1}
          min={0}
          value={seconds === '' ? '' : seconds / unit}
          onChange={(value) => onChange(typeof value === 'number' ? Math.round(value * unit) : '')}
          error={error !== undefined}
          thousandSeparator=","
          decimalScale={unit === 1 ? 0 : 4}
        />
        <Select
          w={112}
          aria-label={`Unit of ${label.toLowerCase()}`}
          data={UNITS}
          value={String(unit)}
          allowDeselect={false}
          onChange={(value) => value !== null && setUnit(Number(value))}
        />
      </Group>
    </Input.Wrapper>
  )
}

/** The largest unit of which it is a whole number. */
function largestUnit(seconds: number | ''): number {
  if (seconds === '' || seconds === 0) return 1
  return UNITS.map(({ value }) => Number(value)).findLast((size) => seconds % size === 0) ?? 1
}
