/** Actions of SQS that this release does not have. They are refused by name. */
export const UNSUPPORTED_ACTIONS: ReadonlySet<string> = new Set([])
