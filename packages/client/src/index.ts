export { AccessKeys } from './access-keys.ts'
export { Consumer } from './consumer/consumer.ts'
export type {
  BatchHandler,
  ConsumerOptions,
  ErrorContext,
  HandlerContext,
  MessageBatch,
  MessageHandler,
} from './consumer/consumer-options.ts'
export { type ClientOptions, createClient, StanchionClient } from './create-client.ts'
export type { CallOptions } from './http/http-client.ts'
export type { RetryPolicy } from './http/retry-policy.ts'
export { type IdempotentOptions, idempotent, type SeenStore } from './idempotent.ts'
export { MemorySeenStore, type MemorySeenStoreOptions } from './memory-seen-store.ts'
export type { Page } from './pages.ts'
export { type Lease, type LeaseChange, Queue, type SendOptions } from './queue.ts'
export { StanchionError, type StanchionErrorCode } from './stanchion-error.ts'
export { readTraceContext, type TraceHeaders, withTraceContext } from './trace-context.ts'
export type * from './types.ts'
