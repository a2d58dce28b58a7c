/** Which page of a list of queues. */
export interface Page {
  /** How many at most. */
  readonly limit?: number
  /** The `nextCursor` of the page before. */
  readonly cursor?: string
}

/** All queues of a list, page after page. */
export async function* throughPages<Item>(
  fetchPage: (page: Page) => Promise<{ readonly queues: readonly Item[]; readonly nextCursor?: string }>,
): AsyncGenerator<Item, void> {
  let page: Page | undefined = {}
  while (page !== undefined) {
    const { queues, nextCursor }: { queues: readonly Item[]; nextCursor?: string } = await fetchPage(page)
    yield* queues
    page = nextCursor === undefined ? undefined : { cursor: nextCursor }
  }
}
