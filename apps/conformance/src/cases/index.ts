import type { Case } from '../case.ts'
import { changeVisibilityCases } from './change-message-visibility.ts'
import { createQueueCases } from './create-queue.ts'
import { deadLetterCases } from './dead-letters.ts'
import { deleteMessageCases } from './delete-message.ts'
import { encryptionCases } from './encryption.ts'
import { fairQueueCases } from './fair-queues.ts'
import { fifoQueueCases } from './fifo-queues.ts'
import { fifoReceiveCases } from './fifo-receive.ts'
import { fifoSendCases } from './fifo-send.ts'
import { jsonProtocolCases } from './json-protocol.ts'
import { messageAttributeCases } from './message-attributes.ts'
import { missingQueueBatchCases, missingQueueCases } from './missing-queue.ts'
import { moveTaskCases } from './move-tasks.ts'
import { permissionCases } from './permissions.ts'
import { queryFormCases } from './query-forms.ts'
import { queryProtocolCases } from './query-protocol.ts'
import { queueAttributeCases } from './queue-attributes.ts'
import { queueUrlCases } from './queue-urls.ts'
import { queueCases } from './queues.ts'
import { receiveMessageCases } from './receive-message.ts'
import { sendMessageCases } from './send-message.ts'
import { sendMessageBatchCases } from './send-message-batch.ts'
import { signatureCases } from './signatures.ts'
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
  ...queueUrlCases,
  ...jsonProtocolCases,
  ...queryProtocolCases,
  ...queryFormCases,
  ...fairQueueCases,
  ...fifoQueueCases,
  ...fifoSendCases,
  ...fifoReceiveCases,
  ...deadLetterCases,
  ...moveTaskCases,
  ...permissionCases,
  ...encryptionCases,
  ...signatureCases,
]
