import { readFileSync } from 'node:fs'

/** The processes that a process has started, and those that they have. One that ends while it is looked at has none. Linux alone. */
export function descendants(pid: number): number[] {
  let text: string
  try {
    text = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8')
  } catch {
    return []
  }
  const children = text.split(' ').filter(Boolean).map(Number)
  return children.flatMap((child) => [child, ...descendants(child)])
}
