/** What the producer sends and the worker works on: the body of a message, as JSON. */
export interface Order {
  readonly number: number
  readonly item: string
}
