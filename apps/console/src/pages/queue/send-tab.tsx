import {
  Alert,
  Button,
  Collapse,
  Group,
  NumberInput,
  Paper,
  SegmentedControl,
  Stack,
  Text,
  Textarea,
  TextInput,
} from '@mantine/core'
import type { NewMessage, QueueDescription, SentMessage } from '@stanchion/client'
import { IconCheck, IconCopyCheck, IconSend } from '@tabler/icons-react'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import { useLocation } from 'react-router'
import { useSession } from '../../api/session.tsx'
import { AttributeEditor } from '../../components/attribute-editor.tsx'
import { CopyButton } from '../../components/copy-button.tsx'
import { CurlBlock } from '../../components/curl-block.tsx'
import { formatBytes } from '../../components/format.ts'
import { NotAllowed } from '../../components/not-allowed.tsx'
import { ProblemAlert } from '../../components/problem-view.tsx'
import { restPath } from '../../curl/curl-command.ts'
import { formatJson } from '../../json/format-json.ts'
import { parseJson } from '../../json/parse-json.ts'
import { type AttributeRow, checkAttributes, checkBody, checkId, messageBytes } from '../../message/check-message.ts'

/** Sends messages by hand. */
export function SendTab({ queue }: { readonly queue: QueueDescription }) {
  const { may } = useSession()
  if (!may('send', queue.name)) return <NotAllowed permission="send" to="send messages" />
  return <SendForm queue={queue} />
}

/** What another page may hand over to be sent again. */
interface Draft {
  readonly body: string
  readonly attributes: NonNullable<NewMessage['attributes']>
  readonly groupId?: string
}

function SendForm({ queue }: { readonly queue: QueueDescription }) {
  const { api } = useSession()
  const queries = useQueryClient()
  const { state } = useLocation() as { state: { message?: Draft } | null }
  const draft = state?.message
  const [format, setFormat] = useState(draft === undefined || parseJson(draft.body).ok ? 'json' : 'text')
  const [body, setBody] = useState(draft?.body ?? '')
  const [rows, setRows] = useState<readonly AttributeRow[]>(() => toRows(draft?.attributes ?? {}))
  const [delaySeconds, setDelaySeconds] = useState<number | string>('')
  const [groupId, setGroupId] = useState(draft?.groupId ?? '')
  const [deduplicationId, setDeduplicationId] = useState('')
  const [isStrict, setIsStrict] = useState(false)
  const isFifo = queue.kind === 'fifo'

  const json = useMemo(() => (format === 'json' && body !== '' ? parseJson(body) : undefined), [format, body])
  const attributeProblems = useMemo(() => checkAttributes(rows), [rows])
  const bytes = useMemo(() => messageBytes(body, rows), [body, rows])
  const bytesMax = queue.settings.messageBytesMax

  const bodyProblem =
    checkBody(body) ??
    (json?.ok === false
      ? `Line ${json.problem.line}, column ${json.problem.column}: ${json.problem.message}`
      : bytes > bytesMax
        ? `Body and attributes have ${formatBytes(bytes)}; the queue takes ${formatBytes(bytesMax)}.`
        : undefined)
  const groupProblem =
    groupId === '' ? (isFifo ? 'A FIFO queue needs to know the group of a message.' : undefined) : checkId(groupId)
  const isContentBased = queue.fifo?.contentBasedDeduplication === true
  const deduplicationProblem =
    !isFifo || (deduplicationId === '' && isContentBased)
      ? undefined
      : deduplicationId === ''
        ? 'This queue does not take it from the body, so give one.'
        : checkId(deduplicationId)
  const hasProblem =
    bodyProblem !== undefined ||
    groupProblem !== undefined ||
    deduplicationProblem !== undefined ||
    attributeProblems.some((problem) => Object.keys(problem).length > 0)

  const message: NewMessage = {
    body,
    ...(rows.length === 0 ? undefined : { attributes: Object.fromEntries(rows.map(toAttribute)) }),
    ...(typeof delaySeconds === 'number' && !isFifo ? { delaySeconds } : undefined),
    ...(groupId === '' ? undefined : { groupId }),
    ...(isFifo && deduplicationId !== '' ? { deduplicationId } : undefined),
  }
  const send = useMutation({
    mutationFn: () => api.queue(queue.name).send(message, { attemptsMax: 1 }),
    onSuccess: () => void queries.invalidateQueries({ queryKey: ['counts', queue.name] }),
  })

  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        setIsStrict(true)
        if (!hasProblem) send.mutate()
      }}
    >
      <div className="two-columns">
        <Paper withBorder p="lg">
          <Stack>
            <div>
              <Group justify="space-between" mb={6}>
                <Text component="label" htmlFor="body" fw={500} size="sm">
                  Body
                </Text>
                <Group gap="xs">
                  <SegmentedControl
                    size="xs"
                    aria-label="What the body is"
                    value={format}
                    onChange={setFormat}
                    data={[
                      { value: 'json', label: 'JSON' },
                      { value: 'text', label: 'Text' },
                    ]}
                  />
                  <Button
                    size="compact-sm"
                    variant="default"
                    disabled={json?.ok !== true}
                    onClick={() => json?.ok === true && setBody(formatJson(json.node))}
                  >
                    Format
                  </Button>
                </Group>
              </Group>
              <Textarea
                id="body"
                autosize
                minRows={8}
                maxRows={22}
                value={body}
                placeholder={format === 'json' ? '{ "orderId": 17 }' : 'Any text'}
                error={isStrict || body !== '' ? bodyProblem : undefined}
                onChange={(event) => setBody(event.currentTarget.value)}
                spellCheck={false}
                classNames={{ input: 'mono-input' }}
                inputWrapperOrder={['label', 'input', 'description', 'error']}
              />
              <Text size="xs" c="dimmed" mt={6} className="numbers">
                {formatBytes(bytes)} of {formatBytes(bytesMax)}
                {json?.ok === true && ' · valid JSON'}
              </Text>
            </div>
            <div>
              <Text fw={500} size="sm" mb={6}>
                Attributes
              </Text>
              <AttributeEditor rows={rows} problems={attributeProblems} isStrict={isStrict} onChange={setRows} />
            </div>
          </Stack>
        </Paper>
        <Stack>
          <Paper withBorder p="lg">
            <Stack>
              <TextInput
                label="Message group"
                description={
                  isFifo
                    ? 'Messages of one group are delivered in their order, one after the other.'
                    : 'Optional. Whose message it is: a group with a large backlog does not make the others wait.'
                }
                value={groupId}
                required={isFifo}
                error={isStrict || groupId !== '' ? groupProblem : undefined}
                onChange={(event) => setGroupId(event.currentTarget.value)}
                spellCheck={false}
              />
              {isFifo && (
                <TextInput
                  label="Deduplication id"
                  description={
                    isContentBased
                      ? 'Optional: without one the queue takes it from the body. A message with an id of the last five minutes is not stored again.'
                      : 'A message with an id of the last five minutes is not stored again.'
                  }
                  value={deduplicationId}
                  required={!isContentBased}
                  error={isStrict || deduplicationId !== '' ? deduplicationProblem : undefined}
                  onChange={(event) => setDeduplicationId(event.currentTarget.value)}
                  spellCheck={false}
                />
              )}
              {!isFifo && (
                <NumberInput
                  label="Delay"
                  description={`Seconds until it can be received. Without: ${queue.settings.delaySeconds}, as the queue says.`}
                  placeholder={String(queue.settings.delaySeconds)}
                  suffix=" s"
                  min={0}
                  max={31_536_000}
                  allowDecimal={false}
                  allowNegative={false}
                  value={delaySeconds}
                  onChange={setDelaySeconds}
                />
              )}
              <Button
                type="submit"
                size="md"
                loading={send.isPending}
                leftSection={<IconSend size={18} aria-hidden />}
                aria-disabled={isStrict && hasProblem}
              >
                {send.isSuccess ? 'Send again' : 'Send'}
              </Button>
              {isStrict && hasProblem && (
                <Text size="sm" c="red" className="alert-text" role="alert">
                  Nothing was sent: mend what is marked first.
                </Text>
              )}
              {send.error !== null && <ProblemAlert error={send.error} />}
              {send.isSuccess && <SentAlert sent={send.data} count={send.submittedAt} />}
            </Stack>
          </Paper>
          <Collapse expanded={body !== ''}>
            <CurlBlock
              call={{
                method: 'POST',
                path: restPath('/v1/queues/{queue}/messages', { queue: queue.name }),
                body: message,
              }}
            />
          </Collapse>
        </Stack>
      </div>
    </form>
  )
}

function toRows(attributes: Draft['attributes']): AttributeRow[] {
  return Object.entries(attributes).map(([name, { type, label = '', value }]) => ({ name, type, label, value }))
}

function toAttribute({ name, type, label, value }: AttributeRow) {
  return [name, { type, ...(label === '' ? undefined : { label }), value }] as const
}

function SentAlert({ sent, count }: { readonly sent: SentMessage; readonly count: number }) {
  const isDuplicate = sent.isDuplicate === true
  return (
    <Alert
      key={count}
      variant="light"
      color={isDuplicate ? 'yellow' : 'teal'}
      role="status"
      className="sent"
      icon={isDuplicate ? <IconCopyCheck aria-hidden /> : <IconCheck aria-hidden />}
      title={isDuplicate ? 'It was sent before' : 'Sent'}
    >
      {isDuplicate && (
        <Text size="sm">A message with this deduplication id is not five minutes old. Nothing was stored.</Text>
      )}
      <Group gap={4} wrap="nowrap">
        <Text size="xs" ff="monospace" className="breakable">
          {sent.messageId}
        </Text>
        <CopyButton text={sent.messageId} label="the message id" />
      </Group>
      {sent.sequenceNumber !== undefined && (
        <Text size="xs" ff="monospace">
          number {sent.sequenceNumber}
        </Text>
      )}
    </Alert>
  )
}
