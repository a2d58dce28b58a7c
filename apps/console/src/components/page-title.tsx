import { Group, Text, Title } from '@mantine/core'
import { useDocumentTitle } from '@mantine/hooks'
import type { ReactNode } from 'react'

interface PageTitleProps {
  readonly title: string
  readonly subtitle?: ReactNode
  /** Beside the title. */
  readonly badges?: ReactNode
  /** At the right. */
  readonly children?: ReactNode
}

/** The heading of a page; names the tab of the browser, too. */
export function PageTitle({ title, subtitle, badges, children }: PageTitleProps) {
  useDocumentTitle(`${title} · Stanchion`)
  return (
    <Group justify="space-between" align="flex-start" mb="lg" gap="md">
      <div className="page-title">
        <Group gap="xs">
          <Title order={1} size="h2">
            {title}
          </Title>
          {badges}
        </Group>
        {subtitle !== undefined && (
          <Text c="dimmed" size="sm" component="div" mt={2}>
            {subtitle}
          </Text>
        )}
      </div>
      {children !== undefined && <Group gap="xs">{children}</Group>}
    </Group>
  )
}
