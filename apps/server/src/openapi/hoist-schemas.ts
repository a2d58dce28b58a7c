import { isDeepStrictEqual } from 'node:util'
import { PROBLEM_CONTENT_TYPE } from '../http/problem.ts'

type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json }

/**
 * Moves every schema that has a `title` to `components.schemas` and leaves a reference, so that generated SDKs get
 * named types although the schemas of the routes are whole. The same title must mean the same schema. The examples of
 * problems, one for each code, move as well. Numbers say how large they get.
 */
export function hoistSchemas<T extends object>(document: T): T & { components: object } {
  const schemas = new Map<string, Json>()

  const examples = new Map<string, Json>()

  function hoistExamples(named: Json): Json {
    for (const [name, example] of Object.entries(named as Record<string, Json>)) examples.set(name, example)
    const references = Object.keys(named as object).map((name) => [name, { $ref: `#/components/examples/${name}` }])
    return Object.fromEntries(references)
  }

  function hoistMember(key: string, member: Json, parent: string): Json {
    // Examples are data: a `title` there names no schema.
    if (key !== 'examples') return hoist(member, key)
    return parent === PROBLEM_CONTENT_TYPE ? hoistExamples(member) : member
  }

  function hoist(value: Json, parent = ''): Json {
    if (Array.isArray(value)) return value.map((item) => hoist(item))
    if (typeof value !== 'object' || value === null) return value
    const copy = Object.fromEntries(
      Object.entries(value).map(([key, member]) => [key, hoistMember(key, member, parent)]),
    )
    if (typeof copy.type === 'string') Object.assign(copy, sizeOf(copy))
    if (typeof copy.title !== 'string' || typeof copy.type !== 'string') return copy
    const { title } = copy
    // The examples of a body stand beside its schema in the document, so they are no part of what is compared.
    const { examples: _examples, ...schema } = copy
    const known = schemas.get(title)
    // The description of a parameter stands beside its schema in the document.
    if (known !== undefined && !isDeepStrictEqual(undescribed(known), undescribed(schema))) {
      throw new Error(`two schemas have the title ${title}`)
    }
    schemas.set(title, { ...(known as object | undefined), ...schema })
    return { $ref: `#/components/schemas/${title}` }
  }

  const { paths, components: given, ...rest } = JSON.parse(JSON.stringify(document)) as Record<string, Json>
  const hoisted = hoist(paths ?? {})
  const components = { ...(given as object | undefined), schemas: sorted(schemas), examples: sorted(examples) }
  return { ...rest, paths: hoisted, components } as unknown as T & { components: object }
}

function undescribed(schema: Json): object {
  const { description: _description, ...rest } = schema as { readonly [key: string]: Json }
  return rest
}

/** Generators take numbers that do not say it for small ones: 32 bits, in Go with seven digits. */
function sizeOf({ type, format, maximum }: { readonly [key: string]: Json }): { readonly format?: string } {
  if (format !== undefined) return {}
  if (type === 'number') return { format: 'double' }
  return type === 'integer' && maximum === undefined ? { format: 'int64' } : {}
}

function sorted(named: ReadonlyMap<string, Json>): { readonly [name: string]: Json } {
  return Object.fromEntries([...named].sort(([a], [b]) => (a < b ? -1 : 1)))
}
