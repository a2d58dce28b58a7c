import { Text } from '@mantine/core'
import type { ReactNode } from 'react'

/** One line of {@link Facts}; left out when its value is `undefined`. */
export type Fact = readonly [label: string, value: ReactNode | undefined]

/** Names with their values, in two columns where there is room. */
export function Facts({ facts }: { readonly facts: readonly Fact[] }) {
  return (
    <dl className="facts">
      {facts
        .filter(([, value]) => value !== undefined)
        .map(([label, value]) => (
          <div key={label} className="fact">
            <Text component="dt" size="xs" c="dimmed">
              {label}
            </Text>
            <Text component="dd" size="sm" className="fact-value">
              {value}
            </Text>
          </div>
        ))}
    </dl>
  )
}
