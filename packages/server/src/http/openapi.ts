// The OpenAPI 3.1 document, from the same table that the server answers by.

import type { Route } from '@bookend/contract'
import { Problem, problems, routeList } from '@bookend/contract'
import { z } from 'zod'
import { apiPrefix } from './app.ts'

type Schema = Record<string, unknown>

export function createOpenApi(version: string): object {
  const paths: Record<string, Record<string, unknown>> = {}
  for (const { name, ...route } of routeList) {
    const path = (paths[apiPrefix + route.path] ??= {})
    path[route.method.toLowerCase()] = operationOf(name, route)
  }
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
      },
      schemas: { Problem: schemaOf(Problem, 'output') },
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

/** Each schema stands alone: shared ones are written out where they are used. */
function schemaOf(schema: z.ZodType, io: 'input' | 'output'): Schema {
  const options = { io, unrepresentable: 'any', reused: 'inline' } as const
  const { $schema: _, id: __, ...rest } = z.toJSONSchema(schema, options)
  return rest
}
