const SECONDS_MAX = 1_209_600

/** The command that makes a queue keep messages for twice as long, up to 14 days; `undefined` when it does already. */
export function longerRetention(name: string, retentionSeconds: number): string | undefined {
  if (retentionSeconds >= SECONDS_MAX) return undefined
  return `stanchion queue update ${name} --retention-seconds ${Math.min(SECONDS_MAX, retentionSeconds * 2)}`
}
