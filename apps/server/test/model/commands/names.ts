import fc from 'fast-check'

/** The queues of a run: all of one kind, but for the last one. */
export type Name = 'a' | 'b' | 'dead' | 'grave' | 'other'

/** Where the dead letters of a queue go, if it has a dead-letter queue: those of `dead` move on when they die again. */
export const DEAD_LETTERS: Readonly<Partial<Record<Name, Name>>> = { a: 'dead', b: 'dead', dead: 'grave' }

/** Most commands are about one queue, so that something comes together there. */
export const names: fc.Arbitrary<Name> = fc.oneof(
  { weight: 5, arbitrary: fc.constant<Name>('a') },
  { weight: 1, arbitrary: fc.constant<Name>('b') },
  { weight: 2, arbitrary: fc.constant<Name>('dead') },
  { weight: 1, arbitrary: fc.constant<Name>('grave') },
)

export const namesOfAnyKind: fc.Arbitrary<Name> = fc.oneof(
  { weight: 6, arbitrary: names },
  { weight: 1, arbitrary: fc.constant<Name>('other') },
)
