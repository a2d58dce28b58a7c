import { Group, Text } from '@mantine/core'
import { useId } from 'react'

/** Two posts and the rope between them: what holds a queue in line. */
export function Logo({ size = 28 }: { readonly size?: number }) {
  const id = useId()
  return (
    <Group gap={10} wrap="nowrap">
      <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden>
        <defs>
          <linearGradient id={id} x1="0" y1="0" x2="1" y2="1">
            <stop offset="0" stopColor="#7279e8" />
            <stop offset="1" stopColor="#3b42b0" />
          </linearGradient>
        </defs>
        <rect width="32" height="32" rx="8" fill={`url(#${id})`} />
        <path d="M8 11.5c3.5 6 12.500 6 16 0" fill="none" stroke="#f7c873" strokeWidth="2.4" strokeLinecap="round" />
        <path
          d="M8 9v15M24 9v15M5.500 24.500h5M21.500 24.500h5"
          stroke="#fff"
          strokeWidth="2.4"
          strokeLinecap="round"
        />
        <circle cx="8" cy="8" r="2.2" fill="#fff" />
        <circle cx="24" cy="8" r="2.2" fill="#fff" />
      </svg>
      <Text fw={700} size="lg" className="logo-text">
        Stanchion
      </Text>
    </Group>
  )
}
