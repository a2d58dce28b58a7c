import { malformedInput, missingParameter } from '../errors/error-texts.ts'
import type { Action } from '../shapes/action.ts'
import type { ListShape, MapShape, Shape, StructureShape } from '../shapes/shape.ts'
import { isEmpty } from './decode-json.ts'
import { checkBase64, toInteger } from './decode-scalar.ts'
import type { QueryPairs } from './query-pairs.ts'

/** Pairs by the parts of their dotted names. */
interface Node {
  value?: string
  children?: Map<string, Node>
}

/** The deepest name of ours has six parts (`SendMessageBatchRequestEntry.1.MessageAttribute.1.Value.DataType`). */
const NAME_PARTS_MAX = 8

/**
 * Makes the input of an action from the pairs of a Query request: the same object that `decodeJson` makes. Every name that
 * any generation of clients writes is read; holes in the numbering are skipped.
 * @throws SqsError `SerializationException`, `MissingRequiredParameterException`
 */
export function decodeQuery<Input>(action: Action<Input>, pairs: QueryPairs): Input {
  return decodeStructure(action.input, toTree(pairs)) as Input
}

function toTree(pairs: QueryPairs): Node {
  const root: Node = {}
  for (const [name, value] of pairs) {
    const parts = name.split('.', NAME_PARTS_MAX + 1)
    if (parts.length > NAME_PARTS_MAX) continue
    let node = root
    for (const part of parts) node = childOf(node, part)
    node.value = value
  }
  return root
}

function childOf(node: Node, part: string): Node {
  node.children ??= new Map()
  const known = node.children.get(part)
  if (known !== undefined) return known
  const child: Node = {}
  node.children.set(part, child)
  return child
}

function decodeStructure(shape: StructureShape, node: Node): Record<string, unknown> {
  const result: Record<string, unknown> = {}
  for (const [name, member] of shape.entries) {
    const names = member.queryNames ?? [name]
    const given = names.map((each) => node.children?.get(each)).filter((each) => each !== undefined)
    const decoded = given.length === 0 ? undefined : decodeValue(member.shape, given)
    if (decoded !== undefined && !(member.isRequired && isEmpty(decoded))) result[name] = decoded
    else if (member.isRequired) throw missingParameter(member.missingName ?? (names[0] as string))
  }
  return result
}

/** @param nodes what stands under each of the names that the value may have; one at least */
function decodeValue(shape: Shape, nodes: readonly Node[]): unknown {
  if (shape.kind === 'list') return decodeList(shape, nodes)
  if (shape.kind === 'map') return decodeMap(shape, nodes)
  const node = nodes[0] as Node
  if (shape.kind === 'structure') return decodeStructure(shape, node)
  if (node.value === undefined) return undefined
  switch (shape.kind) {
    case 'text':
      return node.value
    case 'integer':
      return toInteger(node.value)
    case 'blob':
      return checkBase64(node.value)
    case 'flag':
      if (node.value === 'true' || node.value === 'false') return node.value === 'true'
      throw malformedInput('STRING_VALUE can not be converted to a Boolean')
  }
}

/** `Name.1`, `Name.2`, … or a single `Name`. */
function decodeList(shape: ListShape, nodes: readonly Node[]): unknown[] | undefined {
  const items = nodes.flatMap((node) => (node.value === undefined ? numbered(node) : [node, ...numbered(node)]))
  return items.length === 0 ? undefined : items.map((item) => decodeValue(shape.item, [item]))
}

/** `Map.1.Name`, `Map.1.Value`, …; the oldest clients write `Map.Name` or `Map.entry.1.key`. */
function decodeMap(shape: MapShape, nodes: readonly Node[]): Record<string, unknown> | undefined {
  const items = nodes.flatMap((node) => {
    const entry = node.children?.get('entry')
    const single = node.children?.has('Name') || node.children?.has('Key') ? [node] : []
    return [...single, ...numbered(node), ...(entry === undefined ? [] : numbered(entry))]
  })
  if (items.length === 0) return undefined
  const result: Record<string, unknown> = Object.create(null)
  for (const item of items) {
    const value = valueNode(item)
    result[keyOf(item)] = value === undefined ? emptyValue(shape.value) : decodeValue(shape.value, [value])
  }
  return result
}

function keyOf({ children }: Node): string {
  return (children?.get('Name') ?? children?.get('Key') ?? children?.get('key'))?.value ?? ''
}

function valueNode({ children }: Node): Node | undefined {
  return children?.get('Value') ?? children?.get('value')
}

function emptyValue(shape: Shape): unknown {
  return shape.kind === 'structure' ? {} : ''
}

/** The children with a number for a name, in the order of the numbers. */
function numbered(node: Node): Node[] {
  if (node.children === undefined) return []
  return [...node.children]
    .filter(([part]) => /^\d{1,9}$/.test(part))
    .sort(([a], [b]) => Number(a) - Number(b))
    .map(([, child]) => child)
}
