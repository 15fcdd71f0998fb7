import { describe, expect, test } from 'vitest'
import { AgentUpdate } from './agents.ts'
import type { Json, JsonObject } from './primitives.ts'

const faultsOf = (...analyzers: Json[]): readonly string[] => {
  const { error } = AgentUpdate.safeParse({ analyzers })
  return (error?.issues ?? []).map(({ path, message }) => `${path.join('.')} ${message}`)
}
const model = (output: JsonObject) => ({ title: 'it', prompt: 'What?', output_config: output })

describe('the analyzers of an agent', () => {
  test('are those of Simple AI, or ones that need no model', () =>
    expect(
      faultsOf(
        { title: 'mood', prompt: 'How?', output_config: { type: 'number', properties: {} } },
        { title: 'sentiment', kind: 'sentiment', options: { field: 'score' } },
        { title: 'words', kind: 'keywords', options: { words: ['refund'] } },
        { title: 'verdict', kind: 'outcome', options: { rules: [{ if: 'true', result: 1 }] } },
      ),
    ).toEqual([]))

  test.each([
    [
      [
        { title: 'a', kind: 'duration' },
        { title: 'a', kind: 'silence' },
      ],
      'analyzers.1.title is the',
    ],
    [[{ title: ' ', kind: 'duration' }], 'analyzers.0.title must not be empty'],
    [[{ title: 'a' }], 'analyzers.0.prompt must say'],
    [[{ title: 'a', kind: 'keywords' }], 'analyzers.0.options.words is missing'],
    [[{ title: 'a', kind: 'outcome' }], 'analyzers.0.options.rules is missing'],
    [
      [{ title: 'a', kind: 'silence', options: { words: ['x'] } }],
      'analyzers.0.options.words is no',
    ],
    [
      [{ title: 'a', kind: 'silence', options: { field: 'x' } }],
      'analyzers.0.options.field must be',
    ],
    [[{ title: 'a', kind: 'silence', output_config: {} }], 'analyzers.0.output_config belongs'],
    [[{ title: 'a', kind: 'mood' }], 'analyzers.0.kind'],
  ])('are refused with the place of what is wrong: %j', (analyzers: Json[], fault) =>
    expect(faultsOf(...analyzers)[0]).toContain(fault),
  )
})

const deep = (levels: number): JsonObject =>
  levels === 0 ? { type: 'string' } : { type: 'array', items: deep(levels - 1) }

describe('the output of a model analyzer', () => {
  test('is a scalar, a list or an object of those', () =>
    expect(
      faultsOf(
        model({
          type: 'object',
          properties: {
            wish: { type: 'string', enum: ['refund', 'other'], description: 'What for' },
            amounts: { type: 'array', items: { type: 'number' } },
            at: { type: 'object', properties: { hour: { type: 'integer', enum: [9, 10] } } },
          },
          required: ['wish'],
          additionalProperties: false,
        }),
      ),
    ).toEqual([]))

  test.each<[JsonObject, string]>([
    [{}, 'output_config.type must be one of'],
    [{ type: ['string', 'null'] }, 'output_config.type must be one of'],
    [{ type: 'string', pattern: '^(a+)+$' }, 'output_config.pattern is not known'],
    [{ $ref: '#' }, 'output_config.$ref is not known'],
    [{ type: 'object', properties: {} }, 'output_config.properties must name'],
    [{ type: 'object', properties: { a: 1 } }, 'output_config.properties.a must be a schema'],
    [
      { type: 'object', properties: { a: { type: 'string' } }, required: ['b'] },
      'output_config.required must list',
    ],
    [
      { type: 'object', properties: { a: { type: 'string' } }, additionalProperties: true },
      'output_config.additionalProperties can only',
    ],
    [{ type: 'array' }, 'output_config.items must be a schema'],
    [{ type: 'integer', enum: [1.5] }, 'output_config.enum must list'],
    [deep(5), 'is nested deeper'],
  ])('is refused as %j', (output, fault) => expect(faultsOf(model(output))[0]).toContain(fault))
})
