import { routeList, streamList } from '@bookend/contract'
import { Validator } from '@seriousme/openapi-schema-validator'
import { describe, expect, test } from 'vitest'
import { createOpenApi } from './openapi.ts'

const document = createOpenApi('1.2.3') as any

/** Every reference in the document, with the place it leads to. */
function* references(node: unknown): Generator<{ ref: string; found: unknown }> {
  if (typeof node !== 'object' || node === null) return
  if ('$ref' in node) {
    const ref = String(node.$ref)
    const path = ref.replace('#/', '').split('/')
    yield { ref, found: path.reduce((at: any, name) => at?.[name], document) }
  }
  for (const child of Object.values(node)) yield* references(child)
}

describe('the API document', () => {
  test('is OpenAPI 3.1 by its meta-schema', async () => {
    const { valid, errors } = await new Validator().validate(structuredClone(document))
    expect({ valid, errors }).toMatchObject({ valid: true })
    const broken = { ...structuredClone(document), paths: { calls: {} } }
    expect(await new Validator().validate(broken)).toMatchObject({ valid: false })
  })

  test('has every route of the table, and the door of workflows beside them', () => {
    const operations = Object.values<object>(document.paths).flatMap((path) => Object.values(path))
    expect(operations).toHaveLength(routeList.length + streamList.length + 1)
    const ask = document.paths['/workflows/{name}/pre-call'].post
    expect(ask.security).toEqual([{ workflow: [] }])
    expect(ask.parameters.map(({ name }: any) => name)).toEqual(['name', 'x-bookend-budget-ms'])
  })

  test('has the streams, with the shape of each of their events', () => {
    const { get } = document.paths['/api/v1/calls/{id}/live']
    const { oneOf } = get.responses[200].content['text/event-stream'].schema
    expect(oneOf.map(({ properties }: any) => properties.event.const)).toEqual([
      'transcript',
      'status',
      'end',
    ])
    expect(Object.keys(oneOf[0].properties.data.properties)).toContain('final')
    expect(document.paths['/api/v1/stream'].get.parameters.map(({ name }: any) => name)).toEqual([
      'topics',
      'last-event-id',
    ])
  })

  test('refers to nothing that is not in it', () => {
    const all = [...references(document)]
    expect(all.length).toBeGreaterThan(50)
    expect(all.filter(({ found }) => found === undefined)).toEqual([])
    expect(JSON.stringify(document)).not.toContain('$defs')
  })

  test('tells a request from an answer where they differ', () => {
    const { PreCallAskedInput } = document.components.schemas
    expect(PreCallAskedInput.required).toEqual(['call'])
  })
})
