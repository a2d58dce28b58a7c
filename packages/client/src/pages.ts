import type { QueueDescription, QueuePage } from './types.ts'

/** Which page of a list of queues. */
export interface Page {
  /** How many at most. */
  readonly limit?: number
  /** The `nextCursor` of the page before. */
  readonly cursor?: string
}

/** All queues of a list, page after page. */
export async function* throughPages(
  fetchPage: (page: Page) => Promise<QueuePage>,
): AsyncGenerator<QueueDescription, void> {
  let page: Page | undefined = {}
  while (page !== undefined) {
    const { queues, nextCursor }: QueuePage = await fetchPage(page)
    yield* queues
    page = nextCursor === undefined ? undefined : { cursor: nextCursor }
  }
}
