import type { Case } from '../case.ts'
import { changeVisibilityCases } from './change-message-visibility.ts'
import { createQueueCases } from './create-queue.ts'
import { deleteMessageCases } from './delete-message.ts'
import { messageAttributeCases } from './message-attributes.ts'
import { missingQueueBatchCases, missingQueueCases } from './missing-queue.ts'
import { queueAttributeCases } from './queue-attributes.ts'
import { queueCases } from './queues.ts'
import { receiveMessageCases } from './receive-message.ts'
import { sendMessageCases } from './send-message.ts'
import { sendMessageBatchCases } from './send-message-batch.ts'
import { tagCases } from './tags.ts'

/** Every case, by topic. */
export const CASES: readonly Case[] = [
  ...createQueueCases,
  ...queueCases,
  ...queueAttributeCases,
  ...tagCases,
  ...missingQueueCases,
  ...missingQueueBatchCases,
  ...sendMessageCases,
  ...messageAttributeCases,
  ...sendMessageBatchCases,
  ...receiveMessageCases,
  ...deleteMessageCases,
  ...changeVisibilityCases,
]
