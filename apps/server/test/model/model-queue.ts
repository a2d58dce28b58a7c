import type { DeadLetter, FifoSettings, NewMessage, Sent, Settings, Tags } from './doors/door.ts'
import type { MessageState, ModelMessage } from './model-message.ts'

export const DEFAULT_SETTINGS: Settings = {
  visibilityTimeoutSeconds: 30,
  delaySeconds: 0,
  retentionSeconds: 345_600,
  receiveWaitSeconds: 0,
  messageBytesMax: 1_048_576,
}

/** How long a deduplication id is taken, and how long a receive can be made again. */
export const WINDOW_MS = 300_000

/** What a receive with an attempt id got. */
export interface Attempt {
  readonly claimedAtMs: number
  visibleAtMs: number
  readonly deliveries: readonly {
    readonly message: ModelMessage
    leases: number
    readonly handle: string
  }[]
}

/** One life of a queue: what is created again under the same name is another one. */
export class ModelQueue {
  readonly name: string
  readonly fifo: FifoSettings | undefined
  settings: Settings
  deadLetter: DeadLetter | undefined
  tags: Tags
  /** In the order in which they came. */
  messages: ModelMessage[] = []
  /** The first send of each deduplication id, by id and scope. */
  deduplication = new Map<string, Sent & { readonly atMs: number }>()
  attempts = new Map<string, Attempt>()
  /** The greatest that was given. */
  sequenceNumber = 0n

  constructor(name: string, settings: Partial<Settings>, fifo: FifoSettings | undefined, tags: Tags) {
    this.name = name
    this.settings = { ...DEFAULT_SETTINGS, ...settings }
    this.fifo = fifo
    this.tags = tags
  }

  availableAtMs(message: ModelMessage): number {
    if (message.receiveCount > 0) return message.visibleAtMs
    return message.delayedUntilMs ?? message.sentAtMs + this.settings.delaySeconds * 1000
  }

  stateOf(message: ModelMessage, nowMs: number): MessageState {
    if (this.availableAtMs(message) <= nowMs) return 'ready'
    return message.receiveCount > 0 ? 'leased' : 'delayed'
  }

  /**
   * The messages that no lease and no delay hides, nor one that an earlier message of their group has: of a FIFO queue the
   * longest run from the front of each group.
   */
  open(nowMs: number): ModelMessage[] {
    const blocked = new Set<string>()
    return this.messages.filter((message) => {
      const isReady = this.availableAtMs(message) <= nowMs
      if (this.fifo === undefined || message.groupId === undefined) return isReady
      if (!isReady) blocked.add(message.groupId)
      return !blocked.has(message.groupId)
    })
  }

  /** Under what a message's deduplication id is taken; `undefined` when it has none. */
  deduplicationKey({ body, groupId, deduplicationId }: NewMessage): string | undefined {
    const isMissing = deduplicationId === undefined && this.fifo?.contentBasedDeduplication !== true
    if (this.fifo === undefined || isMissing) return undefined
    const scope = this.fifo.deduplicationScope === 'messageGroup' ? groupId : ''
    return JSON.stringify([scope, deduplicationId === undefined ? 'body' : 'id', deduplicationId ?? body])
  }

  remove(message: ModelMessage): void {
    this.messages = this.messages.filter((each) => each !== message)
  }

  /** Forgets everything but what was set. */
  purge(): void {
    this.messages = []
    this.deduplication = new Map()
    this.attempts = new Map()
  }
}
