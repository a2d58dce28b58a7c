import type { ReactNode } from 'react'

export type MessageState = 'ready' | 'leased' | 'delayed'

/** The state of a message, or how many are in it. */
export function StateBadge({ state, children }: { readonly state: MessageState; readonly children?: ReactNode }) {
  return <span className={`state state-${state}`}>{children ?? state}</span>
}
