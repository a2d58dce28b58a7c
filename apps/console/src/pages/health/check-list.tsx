import { Text, ThemeIcon } from '@mantine/core'
import type { DoctorReport } from '@stanchion/client'
import { IconAlertTriangle, IconCheck, IconMinus } from '@tabler/icons-react'

const OUTCOMES = {
  passed: { icon: IconCheck, color: 'teal', text: 'passed' },
  found: { icon: IconAlertTriangle, color: 'yellow', text: 'found something' },
  skipped: { icon: IconMinus, color: 'gray', text: 'skipped' },
} as const

/** Every check with its outcome, and why one was skipped. */
export function CheckList({ checks }: { readonly checks: DoctorReport['checks'] }) {
  return (
    <ul className="checks">
      {checks.map(({ id, title, outcome, reason }) => {
        const { icon: Icon, color, text } = OUTCOMES[outcome]
        return (
          <li key={id} className="check">
            <ThemeIcon size={22} radius="xl" variant="light" color={color} className={`check-${outcome}`}>
              <Icon size={14} stroke={2.4} aria-hidden />
            </ThemeIcon>
            <div>
              <Text size="sm">{title}</Text>
              <Text size="xs" c="dimmed">
                {text}
                {reason !== undefined && `: ${reason}`}
              </Text>
            </div>
          </li>
        )
      })}
    </ul>
  )
}
