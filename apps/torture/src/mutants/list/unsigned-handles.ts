import type { Mutant } from '../mutant.ts'

export const unsignedHandles: Mutant = {
  name: 'unsigned-handles',
  about: 'Receipt handles are taken without a look at their signature.',
  promises: ['G8'],
  checkers: ['handles'],
  patches: [
    {
      file: 'packages/queue/src/messages/receipt-handle.ts',
      find: `    if (!timingSafeEqual(this.#expected, this.#signature)) return undefined
`,
      replace: '',
    },
  ],
}
