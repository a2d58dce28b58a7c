import { Alert, Button, Center, Code, Paper, PasswordInput, Stack, Text, Title } from '@mantine/core'
import { useDocumentTitle } from '@mantine/hooks'
import { IconAlertTriangle } from '@tabler/icons-react'
import { useState } from 'react'
import { Logo } from '../components/logo.tsx'

interface SignInPageProps {
  /** Whether a key was tried. */
  readonly wasRefused: boolean
  /** Whether the key worked before. */
  readonly wasSignedIn: boolean
  onSignIn(key: string): void
}

/** `<id>.<secret>`, as it is sent. */
const KEY = /^[A-Z0-9]{16,128}\.\S+$/

/** Asks for an access key, where the server does. */
export function SignInPage({ wasRefused, wasSignedIn, onSignIn }: SignInPageProps) {
  useDocumentTitle('Sign in · Stanchion')
  const [key, setKey] = useState('')
  const [problem, setProblem] = useState<string>()
  return (
    <Center mih="100vh" p="md" component="main">
      <Stack w="100%" maw={420} gap="lg">
        <Center>
          <Logo size={40} />
        </Center>
        <Paper withBorder p="xl" shadow="sm" radius="lg">
          <form
            onSubmit={(event) => {
              event.preventDefault()
              const given = key.trim()
              if (KEY.test(given)) onSignIn(given)
              else setProblem('A key is its id and its secret with a dot between them.')
            }}
          >
            <Stack>
              <div>
                <Title order={1} size="h3">
                  Sign in
                </Title>
                <Text c="dimmed" size="sm" mt={4}>
                  With an access key. What it may do, the console may do.
                </Text>
              </div>
              {wasRefused && (
                <Alert
                  color="red"
                  variant="light"
                  className="alert-red"
                  icon={<IconAlertTriangle aria-hidden />}
                  role="alert"
                >
                  {wasSignedIn
                    ? 'Your key no longer works: it was disabled or its time is over. Sign in with another one.'
                    : 'This key does not work. It may be misspelt, disabled or expired.'}
                </Alert>
              )}
              <PasswordInput
                label="Access key"
                placeholder="SK… . …"
                description={
                  <>
                    <Code>{'<id>.<secret>'}</Code>, kept in this tab until it is closed.
                  </>
                }
                value={key}
                error={problem}
                onChange={(event) => {
                  setKey(event.currentTarget.value)
                  setProblem(undefined)
                }}
                autoComplete="off"
                spellCheck={false}
                autoFocus
                visibilityToggleButtonProps={{ 'aria-label': 'Show the key' }}
              />
              <Button type="submit" fullWidth size="md">
                Sign in
              </Button>
            </Stack>
          </form>
        </Paper>
        <Text size="xs" c="dimmed" ta="center">
          No key yet? Where the server runs: <Code>npm run keys -- create --role admin</Code>
        </Text>
      </Stack>
    </Center>
  )
}
