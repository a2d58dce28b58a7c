import { afterEach } from '@jest/globals'
import { Consumer, type ConsumerOptions, type ErrorContext, type Queue } from '../../src/index.ts'

export interface ReportedError extends ErrorContext {
  readonly error: unknown
}

const started: Consumer[] = []

afterEach(async () => {
  for (const consumer of started.splice(0)) await consumer.stop({ timeoutSeconds: 0 })
})

/** Starts a consumer that keeps its errors, and stops it at the end of the test at the latest. */
export function startConsumer(
  queue: Queue,
  options: Omit<ConsumerOptions, 'onError'>,
): { consumer: Consumer; errors: ReportedError[] } {
  const errors: ReportedError[] = []
  const onError = (error: unknown, context: ErrorContext) => void errors.push({ error, ...context })
  const consumer = new Consumer(queue, { ...options, onError } as ConsumerOptions).start()
  started.push(consumer)
  return { consumer, errors }
}
