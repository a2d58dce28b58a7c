/**
 * The schemas of all 2xx answers of an operation that have a body must be one.
 * @param {Record<string, { content?: Record<string, { schema?: unknown }> }>} responses
 */
export default function oneSuccessSchema(responses) {
  const schemas = new Set()
  for (const [status, { content = {} }] of Object.entries(responses)) {
    if (!status.startsWith('2')) continue
    for (const { schema } of Object.values(content)) schemas.add(JSON.stringify(schema))
  }
  if (schemas.size < 2) return []
  return [{ message: `success has one schema, not ${[...schemas].join(' or ')}.` }]
}
