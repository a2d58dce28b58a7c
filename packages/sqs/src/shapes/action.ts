import { type Members, type StructureShape, structure, type ValueOf } from './shape.ts'

/** One action of the protocol: both codecs read it, and so do the types of its handler. */
export interface Action<Input = unknown, Output = unknown> {
  readonly name: string
  readonly input: StructureShape
  /** `undefined`: the action answers nothing, and its XML has no result element. */
  readonly output: StructureShape | undefined
  /** Never there: carries the types that follow from the shapes. */
  readonly types?: { readonly input: Input; readonly output: Output }
}

/** Declares an action; leave `output` out when it answers nothing. */
export function action<const I extends Members, const O extends Members = Record<never, never>>(
  name: string,
  input: I,
  output?: O,
): Action<ValueOf<StructureShape<I>>, ValueOf<StructureShape<O>>> {
  return { name, input: structure(input), output: output === undefined ? undefined : structure(output) }
}

export type InputOf<A> = A extends Action<infer Input, infer _Output> ? Input : never
export type OutputOf<A> = A extends Action<infer _Input, infer Output> ? Output : never
