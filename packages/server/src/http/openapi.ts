// The OpenAPI 3.1 document, from the same table that the server answers by.

import type { Route } from '@bookend/contract'
import {
  PreCallAnswer,
  PreCallAsked,
  Problem,
  problems,
  routeList,
  streamList,
  WorkflowParams,
} from '@bookend/contract'
import { z } from 'zod'
import { apiPrefix } from './app.ts'
import { BUDGET_HEADER, REPEAT_HEADER } from './hosted.ts'

type Schema = Record<string, unknown>

export function createOpenApi(version: string): object {
  const paths: Record<string, Record<string, unknown>> = {}
  for (const { name, ...route } of routeList) {
    const path = (paths[apiPrefix + route.path] ??= {})
    path[route.method.toLowerCase()] = operationOf(name, route)
  }
  for (const route of streamList) {
    const method = route.method === 'POST' ? 'post' : 'get'
    paths[apiPrefix + route.path] = { [method]: streamOperation(route) }
  }
  paths[HOSTED_PATH] = { post: hostedOperation() }
  const schemas: Schema = { Problem: schemaOf(Problem, 'output') }
  liftDefinitions([paths, schemas], schemas)
  return {
    openapi: '3.1.0',
    info: {
      title: 'Bookend',
      version,
      description: 'The work on both ends of an AI phone call.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    security: [{ key: [] }],
    paths,
    components: {
      securitySchemes: {
        key: { type: 'http', scheme: 'bearer', bearerFormat: 'bk_<id>_<secret>' },
        workflow: { type: 'http', scheme: 'bearer', bearerFormat: 'wt_<secret>' },
      },
      schemas,
      responses: {
        Problem: {
          description: `A problem document; \`code\` is one of ${Object.keys(problems).join(', ')}`,
          content: {
            'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } },
          },
        },
      },
    },
  }
}

function operationOf(name: string, route: Route): Schema {
  const { tag, summary, scope, status, body, response } = route
  return {
    operationId: name,
    tags: [tag],
    summary,
    description: scope === null ? 'Needs no key.' : `Needs scope \`${scope}\`.`,
    ...(scope === null ? { security: [] } : {}),
    parameters: [...parametersOf(route.params, 'path'), ...parametersOf(route.query, 'query')],
    ...(body === undefined
      ? {}
      : { requestBody: { required: true, content: jsonOf(schemaOf(body, 'input')) } }),
    responses: {
      [status]: {
        description: response === undefined ? 'Done' : summary,
        ...(response === undefined ? {} : { content: jsonOf(schemaOf(response, 'output')) }),
      },
      default: { $ref: '#/components/responses/Problem' },
    },
  }
}

const LAST_EVENT_ID = {
  name: 'last-event-id',
  in: 'header',
  required: false,
  schema: { type: 'string' },
  description: 'The last id that was received: goes on behind it. A browser sends it by itself.',
}

/** OpenAPI 3.1 has no words for the events of a stream: each is a schema, and the text says which. */
const streamOperation = ({ name, events, ...route }: (typeof streamList)[number]): Schema => ({
  operationId: name,
  tags: [route.tag],
  summary: route.summary,
  description: [
    `Needs scope \`${route.scope}\`. An answer of \`text/event-stream\` that stays open. Events:`,
    ...Object.entries(events).map(([event, { says }]) => `- \`${event}\`: ${says}.`),
  ].join('\n'),
  parameters: [
    ...parametersOf(route.params, 'path'),
    ...parametersOf(route.query, 'query'),
    ...(route.method === 'POST' ? [] : [LAST_EVENT_ID]),
  ],
  ...(route.body === undefined
    ? {}
    : { requestBody: { required: true, content: jsonOf(schemaOf(route.body, 'input')) } }),
  responses: {
    200: {
      description: route.summary,
      content: {
        'text/event-stream': {
          schema: {
            oneOf: Object.entries(events).map(([event, { data, says }]) => ({
              type: 'object',
              description: says,
              properties: { event: { const: event }, data: schemaOf(data, 'output') },
              required: ['event', 'data'],
            })),
          },
        },
      },
    },
    ...(name === 'watchCall'
      ? { 204: { description: 'The call has ended, and all was sent' } }
      : {}),
    default: { $ref: '#/components/responses/Problem' },
  },
})

const HOSTED_PATH = '/workflows/{name}/pre-call'

/** A workflow as an endpoint of others: it lies beside the API, and answers 200 to whoever may ask. */
const hostedOperation = (): Schema => ({
  operationId: 'askWorkflow',
  tags: ['Workflows'],
  summary: 'Ask a pre-call workflow, as a voice platform does',
  description: "Needs the workflow's own token. A body that cannot be read gets the fallback.",
  security: [{ workflow: [] }],
  parameters: [
    ...parametersOf(WorkflowParams, 'path'),
    { name: BUDGET_HEADER, in: 'header', required: false, schema: { type: 'integer', minimum: 1 } },
  ],
  requestBody: { required: true, content: jsonOf(schemaOf(PreCallAsked, 'input')) },
  responses: {
    200: {
      description: 'What the agent is told',
      headers: { [REPEAT_HEADER]: { schema: { const: '1' }, description: 'Answered from memory' } },
      content: jsonOf(schemaOf(PreCallAnswer, 'output')),
    },
    401: { $ref: '#/components/responses/Problem' },
  },
})

const jsonOf = (schema: Schema): Schema => ({ 'application/json': { schema } })

function parametersOf(schema: z.ZodType | undefined, place: 'path' | 'query'): Schema[] {
  if (schema === undefined) return []
  const { properties = {}, required = [] } = schemaOf(schema, 'input') as {
    properties?: Record<string, Schema>
    required?: string[]
  }
  return Object.entries(properties).map(([name, property]) => ({
    name,
    in: place,
    required: place === 'path' || required.includes(name),
    schema: property,
  }))
}

const DEFINITION = /"#\/\$defs\/([^"]+)"/g

/** Named parts stand in `$defs`, and are referred to where `liftDefinitions` puts them. */
function schemaOf(schema: z.ZodType, io: 'input' | 'output'): Schema {
  const options = { io, unrepresentable: 'any', reused: 'inline' } as const
  const { $schema: _, id: __, $defs = {}, ...rest } = z.toJSONSchema(schema, options)
  // What may be left out in a request is always there in an answer, so the two have their own names.
  const suffix = io === 'input' ? 'Input' : ''
  const renamed = Object.entries($defs).map(([name, part]) => [name + suffix, part] as const)
  const text = JSON.stringify({ ...rest, $defs: Object.fromEntries(renamed) })
  const named = text.replace(DEFINITION, `"#/components/schemas/$1${suffix}"`)
  return JSON.parse(named) as Schema
}

/** Moves the named parts of every schema below `node` into `components`. */
function liftDefinitions(node: unknown, components: Schema): void {
  if (typeof node !== 'object' || node === null) return
  if ('$defs' in node) {
    const { $defs } = node as { $defs: Record<string, Schema> }
    delete (node as Schema)['$defs']
    for (const [name, { id: _, ...schema }] of Object.entries($defs)) components[name] = schema
  }
  for (const child of Object.values(node)) liftDefinitions(child, components)
}
