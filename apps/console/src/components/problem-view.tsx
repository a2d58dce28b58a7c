import { Alert, Button, Center, Group, Stack, Text, ThemeIcon, Title } from '@mantine/core'
import {
  IconAlertTriangle,
  IconCloudOff,
  IconGhost2,
  IconHourglassHigh,
  IconLock,
  IconRefresh,
  IconX,
} from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { type DescribedProblem, describeProblem } from '../api/describe-problem.ts'

const ICONS: Readonly<Record<DescribedProblem['kind'], typeof IconX>> = {
  gone: IconCloudOff,
  signedOut: IconLock,
  forbidden: IconLock,
  notFound: IconGhost2,
  busy: IconHourglassHigh,
  refused: IconX,
  broken: IconAlertTriangle,
}

interface ProblemViewProps {
  readonly error: unknown
  readonly onRetry?: (() => void) | undefined
  /** Stands alone on a page, and is its heading. */
  readonly isPage?: boolean
  readonly children?: ReactNode
}

/** An error where its content would stand: what happened, what to do, and a way on. */
export function ProblemView({ error, onRetry, isPage = false, children }: ProblemViewProps) {
  const { kind, title, text, advice, canRetry, requestId } = describeProblem(error)
  const Icon = ICONS[kind]
  return (
    <Center mih={isPage ? '60vh' : 240} p="lg" component={isPage ? 'main' : 'div'}>
      <Stack align="center" gap="sm" maw={460} ta="center" role="alert">
        <ThemeIcon
          size={64}
          radius="xl"
          variant="light"
          color={kind === 'broken' ? 'red' : 'gray'}
          className="soft-icon"
        >
          <Icon size={32} stroke={1.6} aria-hidden />
        </ThemeIcon>
        <Title order={isPage ? 1 : 2} size="h3">
          {title}
        </Title>
        <Text c="dimmed">{text}</Text>
        {advice !== undefined && <Text size="sm">{advice}</Text>}
        <Group mt="xs" justify="center">
          {canRetry && onRetry !== undefined && (
            <Button onClick={onRetry} leftSection={<IconRefresh size={18} aria-hidden />}>
              Try again
            </Button>
          )}
          {children}
        </Group>
        {requestId !== undefined && (
          <Text size="xs" c="dimmed" ff="monospace">
            request {requestId}
          </Text>
        )}
      </Stack>
    </Center>
  )
}

/** An error beside what it is about, such as under a form. */
export function ProblemAlert({ error }: { readonly error: unknown }) {
  const { title, text, advice } = describeProblem(error)
  return (
    <Alert
      color="red"
      variant="light"
      icon={<IconAlertTriangle aria-hidden />}
      title={title}
      role="alert"
      className="alert-red"
    >
      <Text size="sm">{text}</Text>
      {advice !== undefined && (
        <Text size="sm" mt={4}>
          {advice}
        </Text>
      )}
    </Alert>
  )
}
