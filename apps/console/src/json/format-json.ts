import type { JsonNode } from './parse-json.ts'

/** A tree as text, two spaces a level; numbers and strings stay as they were written. */
export function formatJson(node: JsonNode): string {
  return write(node, '\n', '  ', ': ')
}

/** A tree as text without any space. */
export function minifyJson(node: JsonNode): string {
  return write(node, '', '', ':')
}

function write(node: JsonNode, lineStart: string, indent: string, colon: string): string {
  const inner = `${lineStart}${indent}`
  if (node.type === 'object') {
    if (node.members.length === 0) return '{}'
    const members = node.members.map(
      ({ rawName, value }) => `${inner}${rawName}${colon}${write(value, inner, indent, colon)}`,
    )
    return `{${members.join(',')}${lineStart}}`
  }
  if (node.type === 'array') {
    if (node.items.length === 0) return '[]'
    return `[${node.items.map((item) => `${inner}${write(item, inner, indent, colon)}`).join(',')}${lineStart}]`
  }
  return node.raw
}
