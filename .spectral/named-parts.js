/**
 * Finds objects and sets of values that stand in a schema without being a type of their own. The schema itself is one by its
 * place in the components; a parameter is none, so for it the schema counts as well.
 */
export default function namedParts(schema, _options, { path }) {
  const isComponent = path[0] === 'components'
  return isComponent ? partsOf(schema, [...path]) : anonymousIn(schema, [...path])
}

function anonymousIn(schema, path) {
  const kind = kindOf(schema)
  const own = kind === undefined ? [] : [{ message: `${kind} needs a name: ${ADVICE}`, path }]
  return [...own, ...partsOf(schema, path)]
}

const ADVICE = 'give it a "title" and use that one schema wherever it stands.'

function kindOf({ type, enum: values, allOf }) {
  if (values !== undefined) return 'a set of values'
  // With `allOf` it is a reference with something beside it, as 3.0 writes that.
  return type === 'object' && allOf === undefined ? 'an object' : undefined
}

function partsOf(schema, path) {
  const found = []
  const look = (part, ...keys) => {
    if (typeof part === 'object' && part !== null) found.push(...anonymousIn(part, [...path, ...keys]))
  }
  for (const [name, member] of Object.entries(schema.properties ?? {})) look(member, 'properties', name)
  for (const key of ['items', 'additionalProperties']) look(schema[key], key)
  for (const key of ['anyOf', 'oneOf', 'allOf']) {
    for (const [index, branch] of (schema[key] ?? []).entries()) look(branch, key, index)
  }
  return found
}
