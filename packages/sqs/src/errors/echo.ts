/** Longest piece of a request that an error repeats. */
const ECHO_LENGTH_MAX = 1_024

/** What an error repeats of a request: legal values are repeated whole. */
export function echo(value: string): string {
  return value.length <= ECHO_LENGTH_MAX ? value : `${value.slice(0, ECHO_LENGTH_MAX)}…`
}
