// Holds requests and answers against a vendor's description of its API.
//
// It proves that we agree with the document, not that the vendor does.

import { Ajv2020 } from 'ajv/dist/2020.js'
import { Ajv, type ValidateFunction } from 'ajv'
import formats from 'ajv-formats'
import { readFileSync } from 'node:fs'
import type { VendorAnswer, VendorRequest } from './vendor-request.ts'

export interface Description {
  /** Empty when the request is as described. */
  judgeRequest(request: VendorRequest): readonly string[]
  /** Only answers of success: many documents list no others. */
  judgeAnswer(request: VendorRequest, answer: VendorAnswer): readonly string[]
}

interface Parameter {
  readonly $ref?: string
  readonly name: string
  readonly in: string
  readonly required?: boolean
}

interface Content {
  readonly required?: boolean
  readonly content?: Readonly<Record<string, unknown>>
}

interface Operation {
  readonly parameters?: readonly Parameter[]
  readonly requestBody?: Content
  readonly responses?: Readonly<Record<string, Content>>
}

interface OpenApi {
  readonly openapi: string
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
  readonly components?: { readonly parameters?: Readonly<Record<string, Parameter>> }
}

interface Found {
  readonly template: string
  readonly method: string
  readonly operation: Operation
  readonly parameters: readonly Parameter[]
}

export interface DescriptionOptions {
  /** What stands before the document's paths, such as `/services/data/v63.0`. */
  readonly basePath?: string
  /** Requests to the fake's own doors, which the document does not have. */
  readonly isOther?: (request: VendorRequest) => boolean
}

/** @param name Of a file in `fixtures/`, without its ending. */
export function readDescription(name: string, options: DescriptionOptions = {}): Description {
  const file = new URL(`../../fixtures/${name}.json`, import.meta.url)
  return validateAgainst(JSON.parse(readFileSync(file, 'utf8')) as OpenApi, options)
}

export function validateAgainst(
  document: OpenApi,
  { basePath = '', isOther = () => false }: DescriptionOptions = {},
): Description {
  const settings = {
    strict: false,
    allErrors: false,
    validateSchema: false,
    logger: false,
  } as const
  const Validator = document.openapi.startsWith('3.1') ? Ajv2020 : Ajv
  const exact = new Validator(settings)
  // A form carries numbers and booleans as text.
  const lenient = new Validator({ ...settings, coerceTypes: true })
  for (const ajv of [exact, lenient]) {
    formats.default(ajv)
    ajv.addSchema(document, 'doc')
  }
  const compiled = new Map<string, ValidateFunction>()

  function validate(pointer: string, value: unknown, isForm: boolean): readonly string[] {
    const key = `${pointer} ${isForm}`
    const check =
      compiled.get(key) ?? (isForm ? lenient : exact).compile({ $ref: `doc#${pointer}` })
    compiled.set(key, check)
    if (check(isForm ? structuredClone(value) : value) === true) return []
    return (check.errors ?? []).map(
      ({ instancePath, message }) => `${instancePath} ${message ?? ''}`,
    )
  }

  function find({ method, path }: VendorRequest): Found | null {
    const own = path.startsWith(basePath) ? path.slice(basePath.length) : path
    const candidates = Object.entries(document.paths).filter(([template]) => fits(template, own))
    // What is spelled out goes before what is a parameter.
    candidates.sort(([a], [b]) => a.split('{').length - b.split('{').length)
    for (const [template, operations] of candidates) {
      const operation = operations[method.toLowerCase()]
      if (operation === undefined) continue
      const shared = (operations['parameters'] ?? []) as unknown as readonly Parameter[]
      const all = [...shared, ...(operation.parameters ?? [])]
      const parameters = all.map((one) =>
        one.$ref === undefined
          ? one
          : (document.components?.parameters?.[one.$ref.split('/').at(-1) ?? ''] ?? one),
      )
      return { template, method: method.toLowerCase(), operation, parameters }
    }
    return null
  }

  return {
    judgeRequest(request) {
      if (isOther(request)) return []
      const title = `${request.method} ${request.path}`
      const found = find(request)
      if (found === null) return [`${title}: there is no such operation`]
      const problems: string[] = []
      const known = found.parameters.filter((one) => one.in === 'query')
      for (const { name, required } of known) {
        if (required === true && !request.query.has(name)) problems.push(`lacks the query ${name}`)
      }
      for (const name of new Set(request.query.keys())) {
        if (!known.some((one) => one.name === name)) problems.push(`has the query ${name}`)
      }
      problems.push(...judgeBody(request, found))
      return problems.map((problem) => `${title}: ${problem}`)
    },
    judgeAnswer(request, answer) {
      const found = isOther(request) ? null : find(request)
      if (found === null || answer.status >= 300 || answer.body === undefined) return []
      const { template, method, operation } = found
      const response = operation.responses?.[String(answer.status)]
      if (response === undefined) {
        return [`${method} ${template}: no answer ${answer.status} is described`]
      }
      if (response.content?.['application/json'] === undefined) return []
      const place = pointer(template, method, 'responses', String(answer.status))
      const body: unknown = JSON.parse(JSON.stringify(answer.body))
      return validate(`${place}/content/application~1json/schema`, body, false).map(
        (problem) => `the fake answers ${method} ${template} with ${problem}`,
      )
    },
  }

  function judgeBody(request: VendorRequest, found: Found): readonly string[] {
    const { requestBody } = found.operation
    const type = request.headers['content-type']?.split(';')[0]
    if (type === undefined || request.text === '') {
      return requestBody?.required === true ? ['lacks a body'] : []
    }
    if (requestBody?.content?.[type] === undefined) return [`has a body of ${type}`]
    const place = pointer(found.template, found.method, 'requestBody')
    const isForm = type === 'application/x-www-form-urlencoded'
    const schema = `${place}/content/${type.replaceAll('/', '~1')}/schema`
    return validate(schema, request.body, isForm).map((problem) => `the body: ${problem}`)
  }
}

const pointer = (template: string, ...more: readonly string[]): string =>
  [
    '/paths',
    encodeURIComponent(template.replaceAll('~', '~0').replaceAll('/', '~1')),
    ...more,
  ].join('/')

function fits(template: string, path: string): boolean {
  const wanted = template.split('/')
  const own = path.split('/')
  return (
    wanted.length === own.length &&
    wanted.every((part, at) => {
      const given = own[at] ?? ''
      const [, before = '', after = ''] = /^([^{]*)\{[^}]+\}(.*)$/.exec(part) ?? []
      if (!part.includes('{')) return part === given
      return (
        given.length > before.length + after.length &&
        given.startsWith(before) &&
        given.endsWith(after)
      )
    })
  )
}
