import { readFileSync, writeFileSync } from 'node:fs'
import openapiTypescript, { astToString } from 'openapi-typescript'
import { parse } from 'yaml'

/**
 * Writes `src/generated/api.ts` from `openapi.yaml`: the types, and the method and address of every operation. With
 * `--check` it compares instead and fails on a difference.
 */
const SOURCE = new URL('../../../../openapi.yaml', import.meta.url)
const FILE = new URL('../generated/api.ts', import.meta.url)

interface Operation {
  readonly operationId: string
  responses: Record<string, unknown>
}

interface Document {
  readonly paths: Record<string, Record<string, Operation>>
  readonly components: { readonly schemas: Record<string, { enum?: unknown; 'x-extensible-enum'?: unknown }> }
}

const document = parse(readFileSync(SOURCE, 'utf8')) as Document
const addresses: string[] = []
for (const [path, operations] of Object.entries(document.paths)) {
  for (const [method, operation] of Object.entries(operations)) {
    addresses.push(`  ${operation.operationId}: ['${method.toUpperCase()}', '${path}'],`)
    // Every error is a Problem; to say so again for each status of each operation would be most of the file.
    operation.responses = Object.fromEntries(
      Object.entries(operation.responses).filter(([status]) => status.startsWith('2')),
    )
  }
}
// A set that may grow is text for other clients; this one is released with the server and knows the values of its day.
for (const schema of Object.values(document.components.schemas)) {
  if (schema['x-extensible-enum'] !== undefined) schema.enum = schema['x-extensible-enum']
}
const types = astToString(await openapiTypescript(document as unknown as Parameters<typeof openapiTypescript>[0]))
const text = `// Generated from openapi.yaml; do not edit.
${types}
/** The method and the address of every operation. */
export const OPERATIONS = {
${addresses.join('\n')}
} as const satisfies Record<keyof operations, readonly [method: string, path: keyof paths]>;
`

if (!process.argv.includes('--check')) {
  writeFileSync(FILE, text)
} else if (readFileSync(FILE, 'utf8') !== text) {
  process.stderr.write('packages/client/src/generated/api.ts differs from openapi.yaml; run "npm run generate".\n')
  process.exitCode = 1
}
