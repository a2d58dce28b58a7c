/** Text. */
export interface TextShape {
  readonly kind: 'text'
}

/** A whole number of 32 bits. */
export interface IntegerShape {
  readonly kind: 'integer'
}

/** `true` or `false`. */
export interface FlagShape {
  readonly kind: 'flag'
}

/** Bytes, which stay the base64 text that they are on the wire. */
export interface BlobShape {
  readonly kind: 'blob'
}

export interface ListShape<S extends Shape = Shape> {
  readonly kind: 'list'
  readonly item: S
}

/** Values by name. Its Query form is a list of pairs whose members are `keyName` and `Value`. */
export interface MapShape<S extends Shape = Shape> {
  readonly kind: 'map'
  readonly value: S
  readonly keyName: 'Name' | 'Key'
}

export interface StructureShape<M extends Members = Members> {
  readonly kind: 'structure'
  /** In the order of the XML elements. */
  readonly members: M
  /** The members once more, as the codecs walk them. */
  readonly entries: readonly (readonly [name: string, member: Member])[]
  readonly byName: ReadonlyMap<string, Member>
  readonly requiredCount: number
}

export type Shape = TextShape | IntegerShape | FlagShape | BlobShape | ListShape | MapShape | StructureShape

/** One member of a structure. Its name is that of the JSON protocol. */
export interface Member<S extends Shape = Shape, R extends boolean = boolean> {
  readonly shape: S
  readonly isRequired: R
  /** Names in the Query protocol: the first is written, all are read. Absent: the name of the member. */
  readonly queryNames: readonly string[] | undefined
  /** What the error about a missing member calls it. Absent: its name in the protocol of the request. */
  readonly missingName: string | undefined
}

export type Members = Readonly<Record<string, Member>>

export const text: TextShape = { kind: 'text' }
export const integer: IntegerShape = { kind: 'integer' }
export const flag: FlagShape = { kind: 'flag' }
export const blob: BlobShape = { kind: 'blob' }

export function list<const S extends Shape>(item: S): ListShape<S> {
  return { kind: 'list', item }
}

export function map<const S extends Shape>(value: S, keyName: 'Name' | 'Key'): MapShape<S> {
  return { kind: 'map', value, keyName }
}

export function structure<const M extends Members>(members: M): StructureShape<M> {
  const entries = Object.entries(members)
  const requiredCount = entries.filter(([, { isRequired }]) => isRequired).length
  return { kind: 'structure', members, entries, byName: new Map(entries), requiredCount }
}

/** A member that may be absent. */
export function optional<const S extends Shape>(shape: S, ...queryNames: string[]): Member<S, false> {
  return {
    shape,
    isRequired: false,
    queryNames: queryNames.length > 0 ? queryNames : undefined,
    missingName: undefined,
  }
}

/** A member that must be there. Empty text and an empty map count as absent (SQS rule). */
export function required<const S extends Shape>(shape: S, ...queryNames: string[]): Member<S, true> {
  return { shape, isRequired: true, queryNames: queryNames.length > 0 ? queryNames : undefined, missingName: undefined }
}

/** The same member under another name in the error that says it is missing. */
export function missingAs<S extends Shape>(member: Member<S, true>, missingName: string): Member<S, true> {
  return { ...member, missingName }
}

type RequiredNames<M extends Members> = { [K in keyof M]: M[K]['isRequired'] extends true ? K : never }[keyof M]

/** The TypeScript type of what a shape describes. */
export type ValueOf<S> = S extends TextShape | BlobShape
  ? string
  : S extends IntegerShape
    ? number
    : S extends FlagShape
      ? boolean
      : S extends ListShape<infer Item>
        ? readonly ValueOf<Item>[]
        : S extends MapShape<infer Value>
          ? Readonly<Record<string, ValueOf<Value>>>
          : S extends StructureShape<infer M>
            ? { readonly [K in RequiredNames<M>]: ValueOf<M[K]['shape']> } & {
                readonly [K in Exclude<keyof M, RequiredNames<M>>]?: ValueOf<M[K]['shape']> | undefined
              }
            : never
