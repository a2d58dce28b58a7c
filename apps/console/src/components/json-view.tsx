import { Button, UnstyledButton } from '@mantine/core'
import { IconChevronRight } from '@tabler/icons-react'
import { type ReactNode, useState } from 'react'
import type { JsonMember, JsonNode } from '../json/parse-json.ts'

/** Levels that are open at first. */
const OPEN_LEVELS = 3
/** Members that are shown at first, so that a body of a megabyte does not stop the page. */
const SHOWN_MAX = 100

/** A JSON value as a tree whose parts can be folded. */
export function JsonView({ node }: { readonly node: JsonNode }) {
  return (
    <div className="json">
      <Value node={node} level={0} prefix={null} suffix="" />
    </div>
  )
}

interface ValueProps {
  readonly node: JsonNode
  readonly level: number
  /** The name in front of the value. */
  readonly prefix: ReactNode
  /** The comma behind it. */
  readonly suffix: string
}

function Value({ node, level, prefix, suffix }: ValueProps) {
  if (node.type === 'object') {
    return (
      <Parts
        marks={['{', '}']}
        parts={node.members}
        noun="member"
        {...{ level, prefix, suffix }}
        render={({ rawName, value }: JsonMember, comma) => (
          <Value node={value} level={level + 1} prefix={<Name raw={rawName} />} suffix={comma} />
        )}
      />
    )
  }
  if (node.type === 'array') {
    return (
      <Parts
        marks={['[', ']']}
        parts={node.items}
        noun="item"
        {...{ level, prefix, suffix }}
        render={(item: JsonNode, comma) => <Value node={item} level={level + 1} prefix={null} suffix={comma} />}
      />
    )
  }
  return (
    <div className="json-line">
      {prefix}
      <span className={`json-${node.type}`}>{node.raw}</span>
      {suffix}
    </div>
  )
}

function Name({ raw }: { readonly raw: string }) {
  return (
    <>
      <span className="json-name">{raw}</span>
      {': '}
    </>
  )
}

interface PartsProps<Part> extends Omit<ValueProps, 'node'> {
  readonly marks: readonly [open: string, close: string]
  readonly parts: readonly Part[]
  readonly noun: string
  render(part: Part, comma: string): ReactNode
}

function Parts<Part>({ marks: [open, close], parts, noun, level, prefix, suffix, render }: PartsProps<Part>) {
  const [isOpen, setIsOpen] = useState(level < OPEN_LEVELS && parts.length <= 1_000)
  const [shown, setShown] = useState(SHOWN_MAX)
  if (parts.length === 0) {
    return (
      <div className="json-line">
        {prefix}
        {open}
        {close}
        {suffix}
      </div>
    )
  }
  const count = `${parts.length} ${noun}${parts.length === 1 ? '' : 's'}`
  return (
    <div>
      <UnstyledButton
        className="json-line json-fold"
        aria-expanded={isOpen}
        aria-label={`${isOpen ? 'Fold' : 'Unfold'} ${count}`}
        onClick={() => setIsOpen(!isOpen)}
      >
        <IconChevronRight size={13} stroke={2.2} className="json-chevron" aria-hidden />
        {prefix}
        {open}
        {!isOpen && (
          <span className="json-count">
            {count} {close}
            {suffix}
          </span>
        )}
      </UnstyledButton>
      {isOpen && (
        <>
          <div className="json-parts">
            {parts.slice(0, shown).map((part, index) => (
              <div key={index}>{render(part, index === parts.length - 1 ? '' : ',')}</div>
            ))}
            {shown < parts.length && (
              <Button size="compact-xs" variant="default" onClick={() => setShown(shown * 10)}>
                {parts.length - shown} more
              </Button>
            )}
          </div>
          <div className="json-line">
            {close}
            {suffix}
          </div>
        </>
      )}
    </div>
  )
}
