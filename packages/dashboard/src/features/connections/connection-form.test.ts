import { describe, expect, test } from 'vitest'
import {
  fillIn,
  labelOf,
  readFields,
  readSignIns,
  readValues,
  renderPatch,
} from './connection-form.ts'

const SETTINGS = {
  type: 'object',
  properties: {
    base_url: { type: 'string', format: 'uri' },
    port: { type: 'integer', default: 587 },
    security: { enum: ['tls', 'none'], default: 'tls' },
    read_only: { type: 'boolean', default: false },
    portal_id: { default: null, anyOf: [{ type: 'string' }, { type: 'null' }] },
    stages: { type: 'object', default: { '1': 'open' }, description: 'Stage to status' },
    tls_ca: { type: 'string', maxLength: 100_000 },
  },
  required: ['base_url'],
}
const AUTH = {
  oneOf: [
    { type: 'object', properties: { kind: { const: 'none' } } },
    {
      type: 'object',
      required: ['kind', 'token'],
      properties: { kind: { const: 'bearer' }, token: { type: 'string', writeOnly: true } },
    },
  ],
}

const fields = readFields(SETTINGS)
const one = (name: string) => fields.find((field) => field.name === name)

describe('the fields of a connector', () => {
  test('are of the kind its schema says', () => {
    expect(fields.map(({ name, kind }) => [name, kind])).toEqual([
      ['base_url', 'line'],
      ['port', 'number'],
      ['security', 'choice'],
      ['read_only', 'tick'],
      ['portal_id', 'line'],
      ['stages', 'json'],
      ['tls_ca', 'text'],
    ])
  })

  test('say what is needed, and what holds when they are left empty', () => {
    expect(one('base_url')).toMatchObject({ label: 'Base URL', isRequired: true, standard: '' })
    expect(one('port')).toMatchObject({ isRequired: false, standard: '587' })
    expect(one('portal_id')).toMatchObject({ label: 'Portal id', standard: '' })
    expect(one('stages')).toMatchObject({ help: 'Stage to status', standard: '{"1":"open"}' })
  })

  test('are sent as what they are; what is empty is not (F1)', () => {
    const { sent, wrong } = readValues(fields, {
      base_url: ' https://a.example ',
      port: '25',
      read_only: true,
      stages: '{"2":"closed"}',
      portal_id: '  ',
    })
    expect(wrong.size).toBe(0)
    expect(sent).toEqual({
      base_url: 'https://a.example',
      port: 25,
      read_only: true,
      stages: { '2': 'closed' },
    })
  })

  test('that cannot be sent are told, each by its name (F2)', () => {
    const { wrong } = readValues(fields, { port: 'many', stages: '{' })
    expect([...wrong]).toEqual([
      ['base_url', 'is needed'],
      ['port', 'must be a number'],
      ['stages', 'must be JSON'],
    ])
  })

  test('begin with what is stored, and take away what is emptied', () => {
    const stored = { base_url: 'https://a.example', port: 25, read_only: true }
    expect(fillIn(fields, stored)).toEqual({ ...stored, port: '25' })
    expect(renderPatch(stored, { base_url: 'https://a.example' })).toEqual({
      base_url: 'https://a.example',
      port: null,
      read_only: null,
    })
  })
})

describe('the ways to sign in', () => {
  test('are the alternatives of the credential', () => {
    const [none, bearer] = readSignIns(AUTH)
    expect(none).toEqual({
      id: 'none',
      label: 'No credential',
      fixed: { kind: 'none' },
      fields: [],
    })
    expect(bearer).toMatchObject({
      id: 'bearer',
      label: 'Bearer',
      fixed: { kind: 'bearer' },
      fields: [{ name: 'token', isSecret: true }],
    })
  })

  test('hold none where the credential may be left out', () => {
    const password = { type: 'object', properties: { password: { type: 'string' } } }
    expect(readSignIns({ anyOf: [password, { type: 'null' }] })).toMatchObject([
      { label: 'With a credential', fixed: {}, fields: [{ name: 'password' }] },
      { label: 'No credential', fixed: null },
    ])
    expect(readSignIns(password)).toMatchObject([{ fields: [{ name: 'password' }] }])
  })

  test('a pasted secret loses the line’s end, and nothing else', () => {
    const [, bearer] = readSignIns(AUTH)
    expect(readValues(bearer?.fields ?? [], { token: ' abc\n' }).sent).toEqual({ token: ' abc' })
  })
})

test.each([
  ['base_url', 'Base URL'],
  ['tls_ca', 'TLS CA'],
  ['from', 'From'],
])('%s is labelled %s', (name, label) => {
  expect(labelOf(name)).toBe(label)
})
