import type { MessageAttributes } from '@stanchion/client'
import type { MessageState } from '../../components/state-badge.tsx'

/** A message as a look at it shows it. */
export interface PeekedMessage {
  readonly messageId: string
  readonly state: MessageState
  readonly body: string
  readonly bodyBytes: number
  readonly attributes: MessageAttributes
  readonly groupId?: string
  readonly deduplicationId?: string
  readonly sequenceNumber?: string
  readonly receiveCount: number
  readonly sentAt: string
  readonly firstReceivedAt?: string
  /** When a leased or delayed message can be received. */
  readonly visibleAt?: string
  readonly deadLetterSource?: string
  readonly traceHeader?: string
}

export interface PeekedPage {
  readonly messages: readonly PeekedMessage[]
  readonly nextCursor?: string
}
