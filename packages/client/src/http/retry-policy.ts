/** How often and how fast a call is repeated. */
export interface RetryPolicy {
  /** Attempts of one call, the first included; 1 never repeats. */
  readonly attemptsMax: number
  /** The longest pause before the second attempt. It doubles with every further one. */
  readonly backoffSeconds: number
  /** No pause is longer, unless the server asks for it. */
  readonly backoffSecondsMax: number
}

export const DEFAULT_RETRY_POLICY: RetryPolicy = { attemptsMax: 5, backoffSeconds: 0.1, backoffSecondsMax: 5 }

/**
 * The pause after a failed attempt, with full jitter: anything between nothing and the backoff, so that clients which
 * failed together do not come back together. What the server asks for is waited in any case, and the jitter on top.
 */
export function retryPauseSeconds(
  policy: Pick<RetryPolicy, 'backoffSeconds' | 'backoffSecondsMax'>,
  failedAttempts: number,
  retryAfterSeconds = 0,
  random: () => number = Math.random,
): number {
  const backoffSeconds = Math.min(policy.backoffSecondsMax, policy.backoffSeconds * 2 ** (failedAttempts - 1))
  return retryAfterSeconds + random() * backoffSeconds
}
