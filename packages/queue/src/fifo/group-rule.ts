/** A message of a group that still exists. */
export interface GroupMessage {
  /** Until when it is invisible; not later than now: it is visible. */
  readonly visibleAtMs: number
}

/**
 * The rule of message groups (G12): of a group's remaining messages in order, the deliverable ones are the longest visible run
 * from the front. The SQL is held against this function by a test.
 */
export function deliverable<Message extends GroupMessage>(messages: readonly Message[], nowMs: number): Message[] {
  const blocker = messages.findIndex((message) => message.visibleAtMs > nowMs)
  return messages.slice(0, blocker === -1 ? messages.length : blocker)
}
