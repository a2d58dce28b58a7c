import { cutAnswers } from '../../faults/network.ts'
import type { Mutant } from '../mutant.ts'

export const blindRetry: Mutant = {
  name: 'blind-retry',
  about: 'What may have happened is done again: a statement whose connection broke goes to the next one.',
  promises: ['G3', 'G10'],
  checkers: ['invented messages', 'deduplication', 'receive counts'],
  patches: [
    {
      file: 'packages/queue/src/messages/statement-runner.ts',
      find: "if (failure === 'retry') {",
      replace: "if (failure === 'retry' || failure === 'unknown') {",
    },
    {
      file: 'packages/queue/src/messages/bucket-ticks.ts',
      find: "if (error instanceof QueueError || classifyFailure(error) === 'unknown') throw toQueueError(error)",
      replace: 'if (error instanceof QueueError) throw error',
    },
  ],
  faults: [cutAnswers],
}
