import type { EngineObserver } from '../types.ts'

type Method = (...values: never[]) => void

/** One observer for two. What only one of them wants costs nothing more. */
export function observeBoth(first: EngineObserver, second: EngineObserver): EngineObserver {
  const both: Record<string, Method> = {}
  for (const name of new Set([...Object.keys(first), ...Object.keys(second)]) as Set<keyof EngineObserver>) {
    const one = first[name] as Method | undefined
    const other = second[name] as Method | undefined
    if (one === undefined || other === undefined) both[name] = (one ?? other) as Method
    else {
      both[name] = (...values) => {
        one(...values)
        other(...values)
      }
    }
  }
  return both
}
