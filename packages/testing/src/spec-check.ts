import { Ajv2020 as Ajv, type ValidateFunction } from 'ajv/dist/2020.js'

/** What a server answered to one request. */
export interface SpecAnswer {
  readonly method: string
  /** Without a query string. */
  readonly path: string
  readonly status: number
  readonly contentType: string | null
  readonly text: string
}

interface Media {
  readonly schema: { readonly $ref: string }
  readonly examples?: Readonly<Record<string, unknown>>
}

interface Operation {
  readonly responses: Readonly<Record<string, { readonly content?: Readonly<Record<string, Media>> }>>
}

interface SpecDocument {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
}

const PROBLEM_TYPE = 'application/problem+json'
const PROBLEM = '#/components/schemas/Problem'
/** What may be said at an address that is none. */
const STATUSES_OF_NOWHERE = [401, 403, 404, 405, 431]
/** Stricter than RFC 3339: one way to write a time, in UTC with milliseconds. */
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/

/** Holds answers against `openapi.yaml`: their status, content type and body, in which nothing may be that is not described. */
export class SpecCheck {
  readonly #paths: SpecDocument['paths']
  readonly #ajv = new Ajv({ strict: false, allErrors: true, validateFormats: true })

  constructor(document: object) {
    this.#paths = (document as SpecDocument).paths
    this.#ajv.addFormat('date-time', TIME)
    this.#ajv.addFormat('double', { type: 'number', validate: () => true })
    this.#ajv.addFormat('int64', { type: 'number', validate: Number.isSafeInteger })
    // A newer server may say more; this one says what its own document knows.
    this.#ajv.addKeyword({
      keyword: 'x-extensible-enum',
      validate: (values: readonly unknown[], value: unknown) => values.includes(value),
    })
    this.#ajv.addSchema(document, 'spec')
  }

  /** What is wrong with an answer, in a sentence; `undefined` when it is as described. */
  problemWith(answer: SpecAnswer): string | undefined {
    // The answer to a HEAD is that to a GET, without its body.
    if (answer.method === 'HEAD') return undefined
    const what = this.#look(answer)
    if (what === undefined) return undefined
    const { method, path, status, text } = answer
    return `${what} — in the answer to ${method} ${path}: ${status} ${text.slice(0, 500)}`
  }

  #look({ method, path, status, contentType, text }: SpecAnswer): string | undefined {
    const responses = this.#responsesOf(method.toLowerCase(), path)
    if (responses === undefined) {
      if (!STATUSES_OF_NOWHERE.includes(status)) return 'openapi.yaml does not know this operation'
      return this.#bodyProblem(PROBLEM, text)
    }
    const response = responses[status]
    if (response === undefined) return `openapi.yaml does not know the status ${status} here`
    if (response.content === undefined) return text === '' ? undefined : 'openapi.yaml knows no body here'
    const type = contentType?.split(';', 1)[0] ?? 'no content type'
    const media = response.content[type]
    if (media === undefined) return `openapi.yaml does not know the content type ${type} here`
    const found = this.#bodyProblem(media.schema.$ref, text)
    if (found !== undefined || type !== PROBLEM_TYPE) return found
    // Every code that a status may carry has an example there.
    const { code } = JSON.parse(text) as { code: string }
    return code in (media.examples ?? {}) ? undefined : `openapi.yaml does not know the code ${code} here`
  }

  /** The fixed address comes first: `/leases/delete` is no lease. */
  #responsesOf(method: string, path: string): Operation['responses'] | undefined {
    const fits = (template: string) => new RegExp(`^${template.replaceAll(/\{\w+\}/g, '[^/]+')}$`).test(path)
    const [found] = Object.entries(this.#paths)
      .filter(([template, operations]) => method in operations && fits(template))
      .sort(([a], [b]) => a.split('{').length - b.split('{').length)
    return found?.[1][method]?.responses
  }

  #bodyProblem(reference: string, text: string): string | undefined {
    const check = this.#validatorOf(reference)
    try {
      if (check(JSON.parse(text))) return undefined
    } catch {
      return 'the body is no JSON'
    }
    const errors = (check.errors ?? []).map(({ instancePath, message, params }) => {
      const extra = (params as { additionalProperty?: string }).additionalProperty
      return `${instancePath === '' ? 'the body' : instancePath} ${message}${extra === undefined ? '' : `: ${extra}`}`
    })
    return errors.join('; ')
  }

  #validatorOf(reference: string): ValidateFunction {
    const id = `spec${reference}`
    const validator = this.#ajv.getSchema(id)
    if (validator === undefined) throw new Error(`there is no ${reference}`)
    return validator as ValidateFunction
  }
}
