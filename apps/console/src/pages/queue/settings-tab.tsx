import { Anchor, Group, Paper, Text, Title } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import type { QueueDescription } from '@stanchion/client'
import { IconPencil } from '@tabler/icons-react'
import { Fragment, type ReactNode } from 'react'
import { Link } from 'react-router'
import { useSession } from '../../api/session.tsx'
import { CopyButton } from '../../components/copy-button.tsx'
import { formatBytes, formatDuration, formatTime } from '../../components/format.ts'
import { MayButton } from '../../components/may-button.tsx'
import { EditQueueDialog } from '../../queue-form/edit-queue-dialog.tsx'
import { DEAD_LETTER_TEXT, FIFO_TEXTS, SETTINGS, TAGS_TEXT } from '../../queue-form/settings.ts'
import { scalingWords } from './scaling-words.ts'
import './settings-tab.css'

interface SettingsTabProps {
  readonly queue: QueueDescription
  /** The queues whose dead letters come here. */
  readonly sources: readonly string[]
}

/** How a queue behaves, and what each setting means. */
export function SettingsTab({ queue, sources }: SettingsTabProps) {
  const { who } = useSession()
  const [isEditing, editing] = useDisclosure(false)
  const { name, settings, fifo, deadLetter, tags } = queue
  const tagged = Object.entries(tags)
  return (
    <>
      <Paper withBorder className="settings">
        <Part title="Times and sizes" isFirst>
          <MayButton
            permission="manage"
            queueName={name}
            to="change settings"
            variant="default"
            leftSection={<IconPencil size={17} aria-hidden />}
            onClick={editing.open}
          >
            Change
          </MayButton>
        </Part>
        <dl className="setting-list">
          {SETTINGS.map(({ id, label, unit, text }) => (
            <Setting key={id} label={label} text={text}>
              {unit === 'bytes' ? formatBytes(settings[id]) : formatDuration(settings[id])}
            </Setting>
          ))}
        </dl>
        <Part title="Dead letters" />
        <dl className="setting-list">
          <Setting label="Dead-letter queue" text={DEAD_LETTER_TEXT}>
            {deadLetter === undefined ? (
              'None'
            ) : (
              <>
                <QueueLink name={deadLetter.queueName} />, after {deadLetter.receiveCountMax}{' '}
                {deadLetter.receiveCountMax === 1 ? 'delivery' : 'deliveries'}
              </>
            )}
          </Setting>
          <Setting
            label="Takes dead letters of"
            text={`Which queues may use this one: ${allowedWords(queue.deadLetterSources)}.`}
          >
            {sources.length === 0
              ? 'No queue'
              : sources.map((source, index) => (
                  <Fragment key={source}>
                    {index > 0 && ', '}
                    <QueueLink name={source} />
                  </Fragment>
                ))}
          </Setting>
        </dl>
        {fifo !== undefined && (
          <>
            <Part title="First in, first out" />
            <dl className="setting-list">
              <Setting {...FIFO_TEXTS.contentBasedDeduplication}>
                {fifo.contentBasedDeduplication ? 'Yes' : 'No'}
              </Setting>
              <Setting {...FIFO_TEXTS.deduplicationScope}>
                {FIFO_TEXTS.deduplicationScope.words[fifo.deduplicationScope]}
              </Setting>
              <Setting {...FIFO_TEXTS.throughputLimit}>
                {FIFO_TEXTS.throughputLimit.words[fifo.throughputLimit]}
              </Setting>
            </dl>
          </>
        )}
        <Part title="Autoscaling" />
        <dl className="setting-list">
          <Setting
            label="Consumers"
            text="How many consumers the queue asks a platform for, by what is outstanding. It is set over REST, with the member scaling."
          >
            {queue.scaling === undefined ? (
              'As usual: by depth'
            ) : (
              <ul className="words">
                {scalingWords(queue.scaling).map((sentence) => (
                  <li key={sentence}>{sentence}</li>
                ))}
              </ul>
            )}
          </Setting>
        </dl>
        <Part title="Names" />
        <dl className="setting-list">
          <Setting label="Tags" text={TAGS_TEXT}>
            {tagged.length === 0
              ? 'None'
              : tagged.map(([key, value]) => (
                  <span key={key} className="setting-tag">
                    {key}={value}
                  </span>
                ))}
          </Setting>
          <Address
            label="Queue URL"
            text="For clients of Amazon SQS."
            url={`${window.location.origin}/${who.accountId}/${name}`}
          />
          <Address label="In REST" text="For everybody else." url={`${window.location.origin}/v1/queues/${name}`} />
          <Setting label="Created" text={`Last changed ${formatTime(queue.modifiedAt)}.`}>
            {formatTime(queue.createdAt)}
          </Setting>
        </dl>
      </Paper>
      <EditQueueDialog queue={queue} isOpen={isEditing} onClose={editing.close} />
    </>
  )
}

function Part({
  title,
  isFirst = false,
  children,
}: {
  readonly title: string
  readonly isFirst?: boolean
  readonly children?: ReactNode
}) {
  return (
    <Group justify="space-between" className={isFirst ? 'setting-part' : 'setting-part setting-part-next'}>
      <Title order={2} size="h5">
        {title}
      </Title>
      {children}
    </Group>
  )
}

interface SettingProps {
  readonly label: string
  readonly text: string
  readonly children: ReactNode
}

function Setting({ label, text, children }: SettingProps) {
  return (
    <div className="setting">
      <dt>{label}</dt>
      <dd className="setting-value numbers">{children}</dd>
      <dd className="setting-text">{text}</dd>
    </div>
  )
}

function Address({ label, text, url }: { readonly label: string; readonly text: string; readonly url: string }) {
  return (
    <Setting label={label} text={text}>
      <Group gap={4} wrap="nowrap">
        <Text component="span" className="mono-cell">
          {url}
        </Text>
        <CopyButton text={url} label={`the ${label.toLowerCase()} address`} />
      </Group>
    </Setting>
  )
}

function QueueLink({ name }: { readonly name: string }) {
  return (
    <Anchor component={Link} to={`/queues/${name}`} inherit>
      {name}
    </Anchor>
  )
}

function allowedWords(allowed: readonly string[]): string {
  if (allowed.length === 0) return 'none'
  return allowed[0] === '*' ? 'every queue of the same kind' : allowed.join(', ')
}
