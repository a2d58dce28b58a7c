import fc from 'fast-check'

/** The queues of a run: all of one kind, but for the last one. */
export type Name = 'a' | 'b' | 'dead' | 'other'

/** Most commands are about one queue, so that something comes together there. */
export const names: fc.Arbitrary<Name> = fc.oneof(
  { weight: 5, arbitrary: fc.constant<Name>('a') },
  { weight: 1, arbitrary: fc.constant<Name>('b') },
  { weight: 2, arbitrary: fc.constant<Name>('dead') },
)

export const namesOfAnyKind: fc.Arbitrary<Name> = fc.oneof(
  { weight: 6, arbitrary: names },
  { weight: 1, arbitrary: fc.constant<Name>('other') },
)
