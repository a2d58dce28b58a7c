import { isDeepStrictEqual } from 'node:util'

type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json }

/**
 * Moves every schema that has a `title` to `components.schemas` and leaves a reference, so that generated SDKs get
 * named types although the schemas of the routes are whole. The same title must mean the same schema.
 */
export function hoistSchemas<T extends object>(document: T): T & { components: object } {
  const schemas = new Map<string, Json>()

  function hoist(value: Json): Json {
    if (Array.isArray(value)) return value.map(hoist)
    if (typeof value !== 'object' || value === null) return value
    const members = Object.entries(value)
    const copy = Object.fromEntries(
      // Examples are data: a `title` there names no schema.
      members.map(([key, member]) => [key, key === 'examples' || key === 'example' ? member : hoist(member)]),
    )
    if (typeof copy.title !== 'string' || typeof copy.type !== 'string') return copy
    const known = schemas.get(copy.title)
    if (known !== undefined && !isDeepStrictEqual(known, copy))
      throw new Error(`two schemas have the title ${copy.title}`)
    schemas.set(copy.title, copy)
    return { $ref: `#/components/schemas/${copy.title}` }
  }

  const { paths, ...rest } = JSON.parse(JSON.stringify(document)) as Record<string, Json>
  const hoisted = hoist(paths ?? {})
  const sorted = [...schemas].sort(([a], [b]) => (a < b ? -1 : 1))
  return { ...rest, paths: hoisted, components: { schemas: Object.fromEntries(sorted) } } as unknown as T & {
    components: object
  }
}
