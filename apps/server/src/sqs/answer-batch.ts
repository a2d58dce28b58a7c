import { type BatchResultErrorEntry, failedEntry, type Identified, SqsError } from '@stanchion/sqs'
import { listOrAbsent } from './list-or-absent.ts'
import type { QueueCall } from './operation.ts'

/** How one kind of batch is done. */
export interface BatchSteps<Entry, Item, Result, Success> {
  /** What the engine gets for an entry, or why it gets nothing. `position` counts from 1. */
  prepare(entry: Identified<Entry>, position: number, call: QueueCall): Item | SqsError
  /** The engine call: one result for each item, in their order. */
  run(call: QueueCall, items: Item[]): Promise<readonly Result[]>
  /** What the client is told of an entry that the engine has looked at. */
  conclude(entry: Identified<Entry>, result: Result): Success | SqsError
}

/**
 * Runs a batch in which every entry stands alone: one that is refused does not touch the others. Both lists keep the order
 * of the request.
 */
export async function answerBatch<Entry, Item, Result, Success>(
  call: QueueCall,
  entries: readonly Identified<Entry>[],
  steps: BatchSteps<Entry, Item, Result, Success>,
) {
  const outcomes: (Success | SqsError)[] = new Array(entries.length)
  const items: Item[] = []
  const places: number[] = []
  entries.forEach((entry, place) => {
    const prepared = steps.prepare(entry, place + 1, call)
    if (prepared instanceof SqsError) {
      outcomes[place] = prepared
    } else {
      items.push(prepared)
      places.push(place)
    }
  })
  const results = await runItems(call, items, steps)
  results.forEach((result, index) => {
    const place = places[index] as number
    outcomes[place] = steps.conclude(entries[place] as Identified<Entry>, result)
  })

  const successful: Success[] = []
  const failed: BatchResultErrorEntry[] = []
  outcomes.forEach((outcome, place) => {
    if (outcome instanceof SqsError) failed.push(failedEntry(entries[place]?.Id as string, outcome))
    else successful.push(outcome)
  })
  return { Successful: listOrAbsent(successful), Failed: listOrAbsent(failed) }
}

async function runItems<Entry, Item, Result, Success>(
  call: QueueCall,
  items: Item[],
  steps: BatchSteps<Entry, Item, Result, Success>,
): Promise<readonly Result[]> {
  if (items.length > 0) return steps.run(call, items)
  // Nothing is left to do, but a missing queue is the graver error.
  await call.context.engine.getQueue(call.queue)
  return []
}
