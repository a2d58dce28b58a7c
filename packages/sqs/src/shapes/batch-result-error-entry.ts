import { flag, optional, required, structure, text, type ValueOf } from './shape.ts'

/** Why one entry of a batch failed. `Code` is the Query code in both protocols. */
export const batchResultErrorEntryShape = structure({
  Id: required(text),
  Code: required(text),
  Message: optional(text),
  SenderFault: required(flag),
})

export type BatchResultErrorEntry = ValueOf<typeof batchResultErrorEntryShape>
