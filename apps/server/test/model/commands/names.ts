import fc from 'fast-check'

/** The queues of a run. The last of each kind is what the others may name as their dead-letter queue. */
export const STANDARD_NAMES = ['a', 'b', 'dead'] as const
export const FIFO_NAMES = ['a.fifo', 'b.fifo', 'dead.fifo'] as const

const NAMES = [...STANDARD_NAMES, ...FIFO_NAMES]

export type Name = (typeof NAMES)[number]

/** Most commands are about the queues that have dead-letter queues, so that something comes together there. */
export const names: fc.Arbitrary<Name> = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom<Name>('a', 'a.fifo') },
  { weight: 1, arbitrary: fc.constantFrom<Name>(...NAMES) },
)

export const isFifo = (name: string) => name.endsWith('.fifo')

/** The dead-letter queue for a queue of the same kind. */
export const deadNameOf = (name: string): Name => (isFifo(name) ? 'dead.fifo' : 'dead')
