import {
  ActionIcon,
  Autocomplete,
  Button,
  Group,
  NumberInput,
  Radio,
  Select,
  Stack,
  Switch,
  Text,
  TextInput,
} from '@mantine/core'
import { IconPlus, IconTrash } from '@tabler/icons-react'
import { useQueryClient } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { DurationInput } from '../components/duration-input.tsx'
import { type Amount, deadLetterNameOf, type FormErrors, nameOf, type QueueForm } from './queue-form.ts'
import { DEAD_LETTER_TEXT, FIFO_TEXTS, SETTINGS, type SettingText, TAGS_TEXT } from './settings.ts'
import './queue-form.css'

export interface QueueFieldsProps {
  readonly form: QueueForm
  /** Those to be shown. */
  readonly errors: FormErrors
  onChange(change: Partial<QueueForm>): void
  /** Whether the queue is made only now. */
  readonly isNew: boolean
}

/** Everything about a queue but its name and kind, each with what it is for. */
export function QueueFields({ form, errors, onChange, isNew }: QueueFieldsProps) {
  return (
    <Stack gap="xl">
      <DeadLetterFields form={form} errors={errors} onChange={onChange} isNew={isNew} />
      <Section title="Times and sizes">
        <div className="field-grid">
          {SETTINGS.map((setting) => (
            <SettingField
              key={setting.id}
              setting={setting}
              amount={form.settings[setting.id]}
              error={errors[setting.id]}
              onChange={(amount) => onChange({ settings: { ...form.settings, [setting.id]: amount } })}
            />
          ))}
        </div>
      </Section>
      {form.kind === 'fifo' && <FifoFields form={form} onChange={onChange} />}
      <TagFields form={form} errors={errors} onChange={onChange} />
    </Stack>
  )
}

function Section({
  title,
  text,
  children,
}: {
  readonly title: string
  readonly text?: string
  readonly children: ReactNode
}) {
  return (
    <fieldset className="field-section">
      <legend>{title}</legend>
      {text !== undefined && (
        <Text size="sm" c="dimmed" mb="sm">
          {text}
        </Text>
      )}
      {children}
    </fieldset>
  )
}

interface SettingFieldProps {
  readonly setting: SettingText
  readonly amount: Amount
  readonly error: string | undefined
  onChange(amount: Amount): void
}

const BYTES_PER_KIB = 1_024

function SettingField({ setting: { label, text, unit }, amount, error, onChange }: SettingFieldProps) {
  if (unit === 'duration') {
    return <DurationInput label={label} description={text} error={error} seconds={amount} onChange={onChange} />
  }
  return (
    <NumberInput
      label={label}
      description={text}
      error={error}
      inputWrapperOrder={['label', 'input', 'error', 'description']}
      suffix=" KiB"
      min={0}
      thousandSeparator=","
      decimalScale={3}
      value={amount === '' ? '' : amount / BYTES_PER_KIB}
      onChange={(value) => onChange(typeof value === 'number' ? Math.round(value * BYTES_PER_KIB) : '')}
    />
  )
}

function DeadLetterFields({ form, errors, onChange, isNew }: QueueFieldsProps) {
  const { mode, queueName, receiveCountMax } = form.deadLetter
  const change = (part: Partial<QueueForm['deadLetter']>) => onChange({ deadLetter: { ...form.deadLetter, ...part } })
  const names = useKnownNames(form)
  return (
    <Section title="Dead letters" text={DEAD_LETTER_TEXT}>
      <Radio.Group
        aria-label="Dead letters"
        value={mode}
        onChange={(value) => change({ mode: value as QueueForm['deadLetter']['mode'] })}
      >
        <Stack gap="xs">
          <Radio value="none" label="None: a message stays, however often it fails" />
          {isNew && (
            <Radio
              value="new"
              label={
                <>
                  Create <b>{form.name === '' ? 'a queue' : deadLetterNameOf(form)}</b> for them, which keeps them for
                  14 days
                </>
              }
            />
          )}
          <Radio value="existing" label="To a queue that is there" />
        </Stack>
      </Radio.Group>
      {mode !== 'none' && (
        <div className="field-grid field-follow">
          {mode === 'existing' && (
            <Autocomplete
              label="Dead-letter queue"
              description={`A ${form.kind === 'fifo' ? 'FIFO' : 'standard'} queue, like this one.`}
              inputWrapperOrder={['label', 'input', 'error', 'description']}
              data={names}
              limit={20}
              value={queueName}
              onChange={(value) => change({ queueName: value })}
              error={errors.deadLetterQueue}
              spellCheck={false}
            />
          )}
          <NumberInput
            label="Deliveries at most"
            description="The receive after that moves the message instead."
            inputWrapperOrder={['label', 'input', 'error', 'description']}
            min={1}
            value={receiveCountMax}
            onChange={(value) => change({ receiveCountMax: typeof value === 'number' ? value : '' })}
            error={errors.receiveCountMax}
          />
        </div>
      )}
    </Section>
  )
}

/** The queues that could take dead letters, as far as the overview has seen them. */
function useKnownNames(form: QueueForm): string[] {
  const queries = useQueryClient()
  const known = queries.getQueryData<readonly { readonly name: string; readonly kind: string }[]>(['statistics']) ?? []
  const own = nameOf(form)
  return known.filter(({ name, kind }) => kind === form.kind && name !== own).map(({ name }) => name)
}

function FifoFields({ form, onChange }: Pick<QueueFieldsProps, 'form' | 'onChange'>) {
  const change = (part: Partial<QueueForm['fifo']>) => onChange({ fifo: { ...form.fifo, ...part } })
  const { contentBasedDeduplication, deduplicationScope, throughputLimit } = FIFO_TEXTS
  return (
    <Section title="First in, first out">
      <Switch
        mb="md"
        label={contentBasedDeduplication.label}
        description={contentBasedDeduplication.text}
        checked={form.fifo.contentBasedDeduplication}
        onChange={(event) => change({ contentBasedDeduplication: event.currentTarget.checked })}
      />
      <div className="field-grid">
        <WordSelect
          texts={deduplicationScope}
          value={form.fifo.deduplicationScope}
          onChange={(value) => change({ deduplicationScope: value })}
        />
        <WordSelect
          texts={throughputLimit}
          value={form.fifo.throughputLimit}
          onChange={(value) => change({ throughputLimit: value })}
        />
      </div>
    </Section>
  )
}

interface WordSelectProps<Word extends string> {
  readonly texts: { readonly label: string; readonly text: string; readonly words: Readonly<Record<Word, string>> }
  readonly value: Word
  onChange(value: Word): void
}

function WordSelect<Word extends string>({ texts: { label, text, words }, value, onChange }: WordSelectProps<Word>) {
  return (
    <Select
      label={label}
      description={text}
      inputWrapperOrder={['label', 'input', 'error', 'description']}
      data={Object.entries<string>(words).map(([word, name]) => ({ value: word, label: name }))}
      value={value}
      allowDeselect={false}
      onChange={(word) => word !== null && onChange(word as Word)}
    />
  )
}

function TagFields({ form, errors, onChange }: Pick<QueueFieldsProps, 'form' | 'errors' | 'onChange'>) {
  const { tags } = form
  const changeRow = (id: number, part: { key?: string; value?: string }) =>
    onChange({ tags: tags.map((tag) => (tag.id === id ? { ...tag, ...part } : tag)) })
  return (
    <Section title="Tags" text={TAGS_TEXT}>
      <Stack gap="xs">
        {tags.map(({ id, key, value }, index) => (
          <Group key={id} gap="xs" wrap="nowrap">
            <TextInput
              flex={1}
              aria-label={`Name of tag ${index + 1}`}
              placeholder="team"
              value={key}
              onChange={(event) => changeRow(id, { key: event.currentTarget.value })}
            />
            <TextInput
              flex={1}
              aria-label={`Value of tag ${index + 1}`}
              placeholder="shop"
              value={value}
              onChange={(event) => changeRow(id, { value: event.currentTarget.value })}
            />
            <ActionIcon
              variant="subtle"
              color="gray"
              size="input-sm"
              aria-label={`Remove tag ${index + 1}`}
              onClick={() => onChange({ tags: tags.filter((tag) => tag.id !== id) })}
            >
              <IconTrash size={17} aria-hidden />
            </ActionIcon>
          </Group>
        ))}
        {errors.tags !== undefined && (
          <Text size="sm" className="alert-text" role="alert">
            {errors.tags}
          </Text>
        )}
        <div>
          <Button
            variant="default"
            size="xs"
            leftSection={<IconPlus size={15} aria-hidden />}
            onClick={() =>
              onChange({ tags: [...tags, { id: Math.max(-1, ...tags.map(({ id }) => id)) + 1, key: '', value: '' }] })
            }
          >
            Add a tag
          </Button>
        </div>
      </Stack>
    </Section>
  )
}
