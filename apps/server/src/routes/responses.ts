import { type TSchema, Type } from 'typebox'
import { PROBLEM_CONTENT_TYPE, PROBLEMS, type ProblemCode, toProblem } from '../http/problem.ts'
import { OpenSet } from './open-set.ts'

const ProblemCodeSchema = OpenSet(Object.keys(PROBLEMS) as ProblemCode[], {
  title: 'ProblemCode',
  description: 'The kind of a problem in one word, for programs; stable. More kinds may come.',
})

/** An RFC 9457 problem, the one shape of every error. */
export const ProblemSchema = Type.Object(
  {
    type: Type.String({ description: 'Identifies the kind of problem; stable.' }),
    title: Type.String({ description: 'The kind of problem in words; the same for every occurrence.' }),
    status: Type.Integer({ minimum: 400, maximum: 599, description: 'The HTTP status.' }),
    code: ProblemCodeSchema,
    detail: Type.String({ description: 'What is wrong with this request, for people.' }),
    field: Type.Optional(Type.String({ description: 'The member or parameter that the problem is about.' })),
    requestId: Type.String({ description: 'Names this request in the log of the server.' }),
  },
  { additionalProperties: false, title: 'Problem', description: 'What went wrong (RFC 9457).' },
)

/** What may happen to any request. */
const ANY_REQUEST: readonly ProblemCode[] = [
  'foreignOrigin',
  'hostNotAllowed',
  'unauthenticated',
  'forbidden',
  'identityUnavailable',
  'invalidRequest',
  'internalError',
]

/** What may happen to any request with a body. */
export const BODY_PROBLEMS: readonly ProblemCode[] = ['requestTooLarge', 'unsupportedMediaType']

/** What may happen to any request that names a dead-letter queue. */
export const DEAD_LETTER_PROBLEMS: readonly ProblemCode[] = [
  'deadLetterQueueNotFound',
  'deadLetterQueueKindDiffers',
  'deadLetterQueueForbidden',
]

/** What may happen to any request that the engine sends to the database. */
export const DATABASE_PROBLEMS: readonly ProblemCode[] = [
  'overloaded',
  'unavailable',
  'outcomeUnknown',
  'deadlineExceeded',
]

const EXAMPLE_REQUEST_ID = '0b2f6a52-6c1e-4b7e-9d0b-0f6d6b0a3f0e'

/** The responses of an operation to everything that can go wrong with it, one per status, each code with its title. */
export function problemResponses(...codes: readonly ProblemCode[]): Record<number, unknown> {
  const byStatus = Map.groupBy([...codes, ...DATABASE_PROBLEMS, ...ANY_REQUEST], (code) => PROBLEMS[code].status)
  return Object.fromEntries(
    [...byStatus].map(([status, ofStatus]) => {
      const examples = ofStatus.map((code) => [
        code,
        { value: toProblem(code, `${PROBLEMS[code].title}.`, EXAMPLE_REQUEST_ID) },
      ])
      return [
        status,
        {
          description: ofStatus.map((code) => `\`${code}\`: ${PROBLEMS[code].title}.`).join('\n\n'),
          content: { [PROBLEM_CONTENT_TYPE]: { schema: ProblemSchema, examples: Object.fromEntries(examples) } },
        },
      ]
    }),
  )
}

/** A response with a JSON body. */
export function jsonResponse(description: string, schema: TSchema, example: unknown) {
  return { description, content: { 'application/json': { schema, examples: { example: { value: example } } } } }
}

/** A response without a body. */
export function emptyResponse(description: string) {
  return { description, type: 'null' }
}

/** The error of one entry of a request with many. */
export const EntryErrorSchema = Type.Object(
  {
    code: ProblemCodeSchema,
    detail: Type.String({ description: 'What is wrong with this entry.' }),
    field: Type.Optional(Type.String({ description: 'The member of the entry that the problem is about.' })),
  },
  {
    additionalProperties: false,
    title: 'EntryError',
    description: 'Why one entry of a request with many had no effect.',
  },
)
