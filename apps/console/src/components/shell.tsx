import {
  ActionIcon,
  AppShell,
  Burger,
  Group,
  NavLink,
  Stack,
  Text,
  Tooltip,
  useComputedColorScheme,
  useMantineColorScheme,
} from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import {
  IconBook,
  IconHeartbeat,
  IconKey,
  IconKeyboard,
  IconLogout,
  IconMoon,
  IconStack2,
  IconSun,
} from '@tabler/icons-react'
import { type ReactNode, useEffect } from 'react'
import { NavLink as RouterLink, useLocation, useNavigate } from 'react-router'
import { useSession } from '../api/session.tsx'
import { Logo } from './logo.tsx'
import { ShortcutsDialog, useShortcut } from './shortcuts.tsx'

const PAGES = [
  { to: '/', label: 'Queues', icon: IconStack2, isHere: (path: string) => path === '/' || path.startsWith('/queues') },
  { to: '/health', label: 'Health', icon: IconHeartbeat, isHere: (path: string) => path.startsWith('/health') },
  { to: '/keys', label: 'Keys and roles', icon: IconKey, isHere: (path: string) => path === '/keys' },
] as const

/** The frame around every page: where one is, who one is, and what one sees it in. */
export function Shell({ children }: { readonly children: ReactNode }) {
  const [isOpen, { toggle, close }] = useDisclosure(false)
  const { pathname } = useLocation()
  useEffect(close, [pathname])
  const navigate = useNavigate()
  const [isHelpOpen, help] = useDisclosure(false)
  useShortcut('?', help.open)
  useShortcut('g', () => navigate('/'))

  return (
    <AppShell
      header={{ height: { base: 56, sm: 0 } }}
      navbar={{ width: 228, breakpoint: 'sm', collapsed: { mobile: !isOpen } }}
      padding={{ base: 'md', sm: 'lg', lg: 'xl' }}
    >
      <a href="#content" className="skip">
        To the content
      </a>
      <AppShell.Header hiddenFrom="sm">
        <Group h="100%" px="md" justify="space-between">
          <Logo />
          <Burger opened={isOpen} onClick={toggle} size="sm" aria-label="Menu" aria-expanded={isOpen} />
        </Group>
      </AppShell.Header>
      <AppShell.Navbar p="sm" component="nav" aria-label="Pages">
        <Group px="xs" py="md" visibleFrom="sm">
          <Logo />
        </Group>
        <Stack gap={2} flex={1}>
          {PAGES.map(({ to, label, icon: Icon, isHere }) => (
            <NavLink
              key={to}
              component={RouterLink}
              to={to}
              label={label}
              active={isHere(pathname)}
              leftSection={<Icon size={19} stroke={1.7} aria-hidden />}
              className="nav-link"
            />
          ))}
          <NavLink
            href="/docs"
            target="_blank"
            rel="noreferrer"
            label="API reference"
            leftSection={<IconBook size={19} stroke={1.7} aria-hidden />}
            className="nav-link"
          />
        </Stack>
        <WhoIsHere onHelp={help.open} />
      </AppShell.Navbar>
      <AppShell.Main id="content" tabIndex={-1}>
        <div className="page">{children}</div>
      </AppShell.Main>
      <ShortcutsDialog isOpen={isHelpOpen} onClose={help.close} />
    </AppShell>
  )
}

function WhoIsHere({ onHelp }: { onHelp(): void }) {
  const { who, signOut } = useSession()
  const { setColorScheme } = useMantineColorScheme()
  const scheme = useComputedColorScheme('light')
  const next = scheme === 'dark' ? 'light' : 'dark'
  useShortcut('t', () => setColorScheme(next))
  return (
    <Group justify="space-between" wrap="nowrap" className="who" gap="xs">
      <div className="who-text">
        <Text size="sm" fw={600} truncate>
          {who.role === null ? 'Everybody' : who.role}
        </Text>
        <Tooltip label={who.accessKeyId === null ? 'No key is asked for' : `Key ${who.accessKeyId}`}>
          <Text size="xs" c="dimmed" ff="monospace" truncate>
            {who.accountId}
          </Text>
        </Tooltip>
      </div>
      <Group gap={2} wrap="nowrap">
        <Tooltip label="Keys">
          <ActionIcon variant="subtle" color="gray" size="lg" aria-label="Keys" onClick={onHelp} visibleFrom="sm">
            <IconKeyboard size={18} aria-hidden />
          </ActionIcon>
        </Tooltip>
        <Tooltip label={`Show it ${next}`}>
          <ActionIcon
            variant="subtle"
            color="gray"
            size="lg"
            aria-label={`Show it ${next}`}
            onClick={() => setColorScheme(next)}
          >
            {scheme === 'dark' ? <IconSun size={18} aria-hidden /> : <IconMoon size={18} aria-hidden />}
          </ActionIcon>
        </Tooltip>
        {who.authentication === 'on' && (
          <Tooltip label="Sign out">
            <ActionIcon variant="subtle" color="gray" size="lg" aria-label="Sign out" onClick={signOut}>
              <IconLogout size={18} aria-hidden />
            </ActionIcon>
          </Tooltip>
        )}
      </Group>
    </Group>
  )
}
