import type { Mutant } from '../mutant.ts'

export const deleteWithoutNonce: Mutant = {
  name: 'delete-without-nonce',
  about: 'A receipt handle of a FIFO queue deletes its message whichever delivery it is of.',
  promises: ['G9'],
  checkers: ['handles'],
  patches: [
    { function: 'fifo_delete_v2', find: ' AND f.receive_counts = e.counts', replace: '' },
    {
      function: 'fifo_delete_v1',
      find: `                      WHEN w.count <> u.count THEN 5
`,
      replace: '',
    },
  ],
}
