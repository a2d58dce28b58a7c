type Json = null | boolean | number | string | readonly Json[] | JsonObject
interface JsonObject {
  readonly [key: string]: Json
}

/** Where a value stands. */
interface Place {
  /** For the error, `#/paths/...`. */
  readonly at: string
  readonly document: JsonObject
}

/** Turns one value of a document into its form in 3.0. */
type Convert = (value: Json, place: Place) => Json

/** What a part of a document that we use may have. Extensions (`x-...`) may stand anywhere. */
type Members = Readonly<Record<string, Convert>>

/**
 * Writes a document of OpenAPI 3.1 as one of 3.0.3 that means the same, for generators that know no newer one. It converts
 * what our document uses and throws on everything else: what slips through unconverted becomes a wrong client without a word.
 */
export function toOpenApi30(document: object): object {
  return convertDocument(document as JsonObject, { at: '#', document: document as JsonObject }) as object
}

const inside = ({ at, document }: Place, name: string | number): Place => ({ at: `${at}/${name}`, document })

const asIs: Convert = (value) => value

function object(members: Members): Convert {
  return (value, place) =>
    Object.fromEntries(
      Object.entries(value as JsonObject).map(([name, member]) => {
        const convert = name.startsWith('x-') ? asIs : members[name]
        if (convert === undefined) throw new Error(`no form in OpenAPI 3.0 is known for ${place.at}/${name}`)
        return [name, convert(member, inside(place, name))]
      }),
    )
}

function map(convert: Convert): Convert {
  return (value, place) =>
    Object.fromEntries(
      Object.entries(value as JsonObject).map(([name, member]) => [name, convert(member, inside(place, name))]),
    )
}

function list(convert: Convert): Convert {
  return (value, place) => (value as readonly Json[]).map((item, index) => convert(item, inside(place, index)))
}

/** 3.0 knows no names of licences, only addresses, and these have one each. */
const license: Convert = (value) => {
  const { identifier, ...rest } = value as JsonObject
  return identifier === undefined ? rest : { ...rest, url: `https://spdx.org/licenses/${identifier}.html` }
}

const schema: Convert = (value, place) => convertSchema(value as JsonObject, place)

const media = map(object({ schema, example: asIs, examples: asIs }))

const parameter = object({
  name: asIs,
  in: asIs,
  required: asIs,
  description: asIs,
  deprecated: asIs,
  example: asIs,
  examples: asIs,
  schema,
})

const operation = object({
  operationId: asIs,
  summary: asIs,
  description: asIs,
  deprecated: asIs,
  tags: asIs,
  security: asIs,
  parameters: list(parameter),
  requestBody: object({ description: asIs, required: asIs, content: media }),
  responses: map(object({ description: asIs, content: media })),
})

const convertDocument = object({
  openapi: () => '3.0.3',
  info: object({ title: asIs, version: asIs, description: asIs, license }),
  servers: asIs,
  tags: asIs,
  paths: map(object({ get: operation, post: operation, put: operation, patch: operation, delete: operation })),
  components: object({ schemas: map(schema), examples: asIs, securitySchemes: asIs }),
})

/** Keywords that mean the same in both. */
const SAME = [
  ...['title', 'description', 'format', 'default', 'enum', 'deprecated', 'required', 'pattern'],
  ...['minimum', 'maximum', 'minLength', 'maxLength', 'minItems', 'maxItems', 'minProperties', 'maxProperties'],
]

const schemaMembers: Members = {
  ...Object.fromEntries(SAME.map((keyword) => [keyword, asIs])),
  type: (value, { at }) => {
    if (typeof value === 'string' && value !== 'null') return value
    throw new Error(`no form in OpenAPI 3.0 is known for the type ${JSON.stringify(value)} at ${at}`)
  },
  $ref: asIs,
  nullable: asIs,
  example: asIs,
  properties: map(schema),
  items: schema,
  additionalProperties: (value, place) => (typeof value === 'boolean' ? value : schema(value, place)),
  allOf: list(schema),
  anyOf: list(schema),
}

function convertSchema(given: JsonObject, place: Place): Json {
  return object(schemaMembers)(withReferenceAlone(withNullable(withoutNewWords(given), place)), place)
}

/** `const` and `examples` have older names. */
function withoutNewWords({ const: only, examples, ...rest }: JsonObject): JsonObject {
  const [example] = (examples ?? []) as readonly Json[]
  return {
    ...rest,
    ...(only === undefined ? undefined : { enum: [only] }),
    ...(example === undefined ? undefined : { example }),
  }
}

/** 3.0 has no type `null`; "this or null" is a this that is nullable. */
function withNullable(given: JsonObject, { at, document }: Place): JsonObject {
  const { type, anyOf, ...rest } = given
  if (Array.isArray(type)) {
    const [only, ...more] = type.filter((name) => name !== 'null')
    if (only === undefined || more.length > 0 || type.length === 1) {
      throw new Error(`no form in OpenAPI 3.0 is known for the types ${JSON.stringify(type)} at ${at}`)
    }
    return { ...given, type: only, nullable: true }
  }
  if (!Array.isArray(anyOf) || !anyOf.some(isNull)) return given
  const [only, ...more] = (anyOf as readonly JsonObject[]).filter((branch) => !isNull(branch))
  if (only === undefined || more.length > 0) {
    throw new Error(`no form in OpenAPI 3.0 is known for a choice of several or null at ${at}`)
  }
  return { type: typeOf(only, document), ...withoutNewWords(only), ...rest, nullable: true }
}

/** `nullable` counts beside a type alone, also where the type is that of what a reference names. */
function typeOf({ $ref, type = null }: JsonObject, document: JsonObject): Json {
  if (typeof $ref !== 'string') return type
  const { schemas } = document.components as { readonly schemas: Readonly<Record<string, JsonObject>> }
  return schemas[$ref.replace('#/components/schemas/', '')]?.type ?? null
}

/** What stands beside a reference counts in 3.1 alone. */
function withReferenceAlone({ $ref, ...rest }: JsonObject): JsonObject {
  if ($ref === undefined) return rest
  return Object.keys(rest).length === 0 ? { $ref } : { allOf: [{ $ref }], ...rest }
}

function isNull(branch: Json): boolean {
  return (branch as JsonObject).type === 'null'
}
