import { createClient, type StanchionClient, StanchionError, type Whoami } from '@stanchion/client'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { createContext, type ReactNode, useCallback, useContext, useMemo, useState } from 'react'
import { ProblemView } from '../components/problem-view.tsx'
import { SplashView } from '../components/splash-view.tsx'
import type { CurlCall } from '../curl/curl-command.ts'
import { SignInPage } from '../pages/sign-in.tsx'
import { matchesQueuePattern } from './queue-pattern.ts'

/** Who works with the console, and what they may do. */
export interface Session {
  readonly api: StanchionClient
  readonly who: Whoami
  /**
   * What the role allows. The policy of a queue may allow more or less, so the server has the last word.
   * @param queueName absent for what concerns no single queue
   */
  may(permission: string, queueName?: string): boolean
  /** What a call needs to become a command, besides itself. */
  curl(call: Pick<CurlCall, 'method' | 'path' | 'body'>): CurlCall
  signOut(): void
}

const SessionContext = createContext<Session | undefined>(undefined)

export function useSession(): Session {
  const session = useContext(SessionContext)
  if (session === undefined) throw new Error('there is no session here')
  return session
}

/** Until the tab is closed: a key is a secret, and tabs are not shared. */
const KEY_STORE = 'stanchion.key'

/** Shows its children to those who may be here, and the sign-in to everybody else. */
export function SessionProvider({ children }: { readonly children: ReactNode }) {
  const queries = useQueryClient()
  const [key, setKey] = useState(() => sessionStorage.getItem(KEY_STORE) ?? undefined)

  const guardedFetch = useCallback<typeof fetch>(
    async (input, init) => {
      const response = await window.fetch(input, init)
      // The key was disabled or is over: asking who we are decides what is shown.
      if (response.status === 401 && !String(input).endsWith('/v1/whoami')) {
        void queries.invalidateQueries({ queryKey: ['whoami'] })
      }
      return response
    },
    [queries],
  )
  const api = useMemo(
    () =>
      createClient({
        baseUrl: window.location.origin,
        accessKey: key,
        retry: { attemptsMax: 2 },
        fetch: guardedFetch,
      }),
    [key, guardedFetch],
  )
  const whoami = useQuery({
    queryKey: ['whoami', key],
    queryFn: ({ signal }) => api.whoami({ signal }),
    staleTime: Number.POSITIVE_INFINITY,
    refetchOnWindowFocus: false,
  })

  const changeKey = useCallback(
    (next: string | undefined) => {
      if (next === undefined) sessionStorage.removeItem(KEY_STORE)
      else sessionStorage.setItem(KEY_STORE, next)
      setKey(next)
      // What the last key could see is not for the next one.
      queries.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== 'whoami' })
    },
    [queries],
  )

  const who = whoami.data
  const session = useMemo<Session | undefined>(() => {
    if (who === undefined) return undefined
    return {
      api,
      who,
      may: (permission, queueName) => {
        if (!who.permissions.includes(permission)) return false
        return queueName === undefined ? who.queuePattern === '*' : matchesQueuePattern(who.queuePattern, queueName)
      },
      curl: (call) => ({ ...call, baseUrl: window.location.origin, needsKey: who.authentication === 'on' }),
      signOut: () => changeKey(undefined),
    }
  }, [api, who, changeKey])

  const { error } = whoami
  if (error instanceof StanchionError && error.status === 401) {
    return <SignInPage wasRefused={key !== undefined} wasSignedIn={who !== undefined} onSignIn={changeKey} />
  }
  if (session !== undefined) return <SessionContext value={session}>{children}</SessionContext>
  if (error !== null) return <ProblemView error={error} onRetry={() => void whoami.refetch()} isPage />
  return <SplashView />
}
