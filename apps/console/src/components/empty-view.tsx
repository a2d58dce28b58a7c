import { Center, Stack, Text, ThemeIcon, Title } from '@mantine/core'
import type { IconX } from '@tabler/icons-react'
import type { ReactNode } from 'react'

interface EmptyViewProps {
  readonly icon: typeof IconX
  readonly title: string
  readonly text: ReactNode
  readonly color?: string
  readonly children?: ReactNode
}

/** Says why there is nothing here, and what would put something here. */
export function EmptyView({ icon: Icon, title, text, color = 'brand', children }: EmptyViewProps) {
  return (
    <Center mih={220} p="lg">
      <Stack align="center" gap="xs" maw={460} ta="center">
        <ThemeIcon size={60} radius="xl" variant="light" color={color}>
          <Icon size={30} stroke={1.6} aria-hidden />
        </ThemeIcon>
        <Title order={2} size="h4" mt={4}>
          {title}
        </Title>
        <Text c="dimmed" size="sm" component="div">
          {text}
        </Text>
        {children}
      </Stack>
    </Center>
  )
}
