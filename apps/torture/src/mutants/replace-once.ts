import type { Replacement } from './mutant.ts'

/**
 * Replaces a text that has to be there exactly once: a patch that no longer fits must not pass for one that nobody notices.
 * @param where what the text is part of, for the error
 * @throws Error when it is not there, or more than once
 */
export function replaceOnce(text: string, { find, replace }: Replacement, where: string): string {
  const parts = text.split(find)
  if (parts.length === 2) return parts.join(replace)
  throw new Error(`${where} has ${parts.length - 1} times, and not once, the text to replace:\n${find}`)
}
