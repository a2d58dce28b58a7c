/** Whether a queue name matches a pattern, in which `*` stands for any characters. */
export function matchesQueuePattern(pattern: string, name: string): boolean {
  const parts = pattern.split('*').map((part) => part.replace(/[.]/g, '\\.'))
  return new RegExp(`^${parts.join('.*')}$`).test(name)
}
