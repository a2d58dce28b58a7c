import type { RestApp } from '../route.ts'
import { peekMessageRoute } from './peek-message.ts'
import { peekMessagesRoute } from './peek-messages.ts'
import { receiveMessagesRoute } from './receive-messages.ts'
import { sendMessageRoute } from './send-message.ts'
import { sendMessagesRoute } from './send-messages.ts'

/** Mounts the operations on messages. */
export function registerMessageRoutes(app: RestApp): void {
  sendMessageRoute(app)
  sendMessagesRoute(app)
  receiveMessagesRoute(app)
  peekMessagesRoute(app)
  peekMessageRoute(app)
}
