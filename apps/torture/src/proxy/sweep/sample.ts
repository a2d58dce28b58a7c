import type { Cut } from './sweep.ts'

/**
 * A part of the cuts, the same for the same seed: every type of message at every place of it, for each operation the end of what is
 * asked and the beginning of the answer, where done and not done meet, and others up to this count.
 */
export function sampleCuts(cuts: readonly Cut[], count: number, seed: number): Cut[] {
  const shuffled = shuffle(cuts, seed)
  const chosen = new Set<Cut>()
  const chooseFirstOf = (classOf: (cut: Cut) => string | undefined) => {
    const seen = new Set<string>()
    for (const cut of shuffled) {
      const name = classOf(cut)
      if (name === undefined || seen.has(name)) continue
      seen.add(name)
      chosen.add(cut)
    }
  }
  chooseFirstOf(({ point }) => `${point.direction} ${point.type} ${point.at}`)
  chooseFirstOf(({ operation, point }) => {
    const isTurn =
      (point.type === 'Sync' && point.at === 'after') || (point.type === 'ReadyForQuery' && point.at === 'before')
    return isTurn ? `${operation.name} ${point.type}` : undefined
  })
  for (const cut of shuffled) if (chosen.size < count) chosen.add(cut)
  return [...chosen]
}

/** In an order that a seed decides, by Fisher and Yates. */
function shuffle<T>(items: readonly T[], seed: number): T[] {
  const shuffled = [...items]
  const random = mulberry32(seed)
  for (let i = shuffled.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1))
    ;[shuffled[i], shuffled[j]] = [shuffled[j] as T, shuffled[i] as T]
  }
  return shuffled
}

function mulberry32(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
}
