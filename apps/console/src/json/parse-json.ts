/**
 * A JSON text as a tree that keeps every number and every string exactly as it was written: a body is shown and formatted
 * as it is, and `JSON.parse` would round large numbers and drop members that stand twice.
 */
export type JsonNode =
  | { readonly type: 'object'; readonly members: readonly JsonMember[] }
  | { readonly type: 'array'; readonly items: readonly JsonNode[] }
  /** `raw` is as it was written; of strings with their quotes. */
  | { readonly type: 'string' | 'number' | 'boolean' | 'null'; readonly raw: string }

export interface JsonMember {
  /** With its quotes. */
  readonly rawName: string
  readonly value: JsonNode
}

/** What is wrong with a text, and where. Lines and columns count from 1. */
export interface JsonProblem {
  readonly message: string
  readonly offset: number
  readonly line: number
  readonly column: number
}

export type ParsedJson =
  | { readonly ok: true; readonly node: JsonNode }
  | { readonly ok: false; readonly problem: JsonProblem }

/** Deeper texts are shown as plain text, so that no text can exhaust the stack. */
const DEPTH_MAX = 200

const SPACE = /[ \t\n\r]*/y
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y
// biome-ignore lint/suspicious/noControlCharactersInRegex: JSON forbids these inside strings
const STRING = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y
const WORD = /true|false|null/y
/** What people write where JSON wants something else. */
const LOOSE_WORD = /[A-Za-z_$][\w$]*/y

/** Reads a JSON text (RFC 8259). */
export function parseJson(text: string): ParsedJson {
  try {
    return { ok: true, node: new Parser(text).parse() }
  } catch (error) {
    if (!(error instanceof Stop)) throw error
    return { ok: false, problem: { message: error.message, offset: error.offset, ...placeOf(text, error.offset) } }
  }
}

class Stop extends Error {
  readonly offset: number

  constructor(message: string, offset: number) {
    super(message)
    this.offset = offset
  }
}

class Parser {
  readonly #text: string
  #offset = 0

  constructor(text: string) {
    this.#text = text
  }

  parse(): JsonNode {
    this.#take(SPACE)
    if (this.#offset === this.#text.length) throw this.#stop('There is nothing here yet.')
    const node = this.#value(0)
    this.#take(SPACE)
    if (this.#offset < this.#text.length) throw this.#stop('Nothing may follow here: the value is complete.')
    return node
  }

  #value(depth: number): JsonNode {
    if (depth > DEPTH_MAX) throw this.#stop(`Nested deeper than ${DEPTH_MAX} levels.`)
    const first = this.#text[this.#offset]
    if (first === '{') return { type: 'object', members: this.#members(depth) }
    if (first === '[') return { type: 'array', items: this.#items(depth) }
    if (first === '"') return { type: 'string', raw: this.#string() }
    const word = this.#take(WORD)
    if (word !== '') return { type: word === 'null' ? 'null' : 'boolean', raw: word }
    const number = this.#take(NUMBER)
    if (number !== '') {
      if (/[0-9.]/.test(this.#text[this.#offset] ?? '')) {
        throw this.#stop('This is no number of JSON: no zeros in front, and digits on both sides of the point.')
      }
      return { type: 'number', raw: number }
    }
    throw this.#stop(this.#whyNoValue())
  }

  #members(depth: number): JsonMember[] {
    const members: JsonMember[] = []
    this.#offset += 1
    this.#take(SPACE)
    if (this.#skip('}')) return members
    for (;;) {
      if (this.#text[this.#offset] !== '"') throw this.#stop(this.#whyNoName(members.length > 0))
      const rawName = this.#string()
      this.#take(SPACE)
      if (!this.#skip(':')) throw this.#stop('A colon is missing after the name.')
      this.#take(SPACE)
      members.push({ rawName, value: this.#value(depth + 1) })
      this.#take(SPACE)
      if (this.#skip('}')) return members
      if (!this.#skip(',')) throw this.#stop('A comma or the closing } is missing.')
      this.#take(SPACE)
    }
  }

  #items(depth: number): JsonNode[] {
    const items: JsonNode[] = []
    this.#offset += 1
    this.#take(SPACE)
    if (this.#skip(']')) return items
    for (;;) {
      items.push(this.#value(depth + 1))
      this.#take(SPACE)
      if (this.#skip(']')) return items
      if (!this.#skip(',')) throw this.#stop('A comma or the closing ] is missing.')
      this.#take(SPACE)
    }
  }

  #string(): string {
    const raw = this.#take(STRING)
    if (raw !== '') return raw
    throw this.#stop('This text is not closed, or has a line break or a \\ in it that JSON does not know.')
  }

  #whyNoName(hasMembers: boolean): string {
    const character = this.#text[this.#offset]
    if (character === '}' && hasMembers) return 'The comma before this } is one too many.'
    if (character === "'") return 'Names stand in double quotes.'
    if (character === undefined) return 'The closing } is missing.'
    return this.#take(LOOSE_WORD) === '' ? 'The name of a member is missing.' : 'Names stand in double quotes.'
  }

  #whyNoValue(): string {
    const character = this.#text[this.#offset]
    if (character === undefined) return 'A value is missing at the end.'
    if (character === ']' || character === '}') return 'The comma before this is one too many, or a value is missing.'
    if (character === "'") return 'Text stands in double quotes.'
    const start = this.#offset
    const word = this.#take(LOOSE_WORD)
    this.#offset = start
    if (word !== '') return `JSON has no word ${word.slice(0, 20)}; text stands in double quotes.`
    return 'A value is missing.'
  }

  /** What the pattern matches here, which may be nothing. */
  #take(pattern: RegExp): string {
    pattern.lastIndex = this.#offset
    const found = pattern.exec(this.#text)?.[0] ?? ''
    this.#offset += found.length
    return found
  }

  #skip(character: string): boolean {
    if (this.#text[this.#offset] !== character) return false
    this.#offset += 1
    return true
  }

  #stop(message: string): Stop {
    return new Stop(message, this.#offset)
  }
}

function placeOf(text: string, offset: number): { line: number; column: number } {
  const before = text.slice(0, offset)
  const lineStart = before.lastIndexOf('\n') + 1
  return { line: before.split('\n').length, column: offset - lineStart + 1 }
}
