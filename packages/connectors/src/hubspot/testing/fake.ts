// HubSpot's objects as far as the connector uses them: unique properties, associations, and a
// search whose index lags behind what was written.

import { parsePhone } from '@bookend/core'
import { type FakeVendor, openFakeVendor } from '../../testing/fake-vendor.ts'
import { readDescription } from '../../testing/openapi.ts'
import type { VendorAnswer, VendorRequest } from '../../testing/vendor-request.ts'

export interface FakeObject {
  readonly id: string
  properties: Record<string, string | null>
  readonly createdAt: string
  updatedAt: string
}

export interface FakeHubspot extends AsyncDisposable {
  readonly vendor: FakeVendor
  readonly auth: { readonly token: string }
  readonly settings: (url: string) => Record<string, unknown>
  /** A record that has long been there. */
  readonly seed: (type: string, properties: Record<string, string>) => FakeObject
  readonly associate: (from: FakeObject, to: FakeObject) => void
  readonly all: (type: string) => readonly FakeObject[]
  readonly associations: ReadonlySet<string>
  /** Its properties that carry our keys, such as `calls.bookend_key`, and whether they are unique. */
  readonly defined: Map<string, boolean>
  /** From now on searches see what was written before, and nothing later. */
  readonly stopIndex: () => void
  readonly catchUp: () => void
}

const TOKEN = 'pat-na1-11111111-2222-3333-4444-canary000001'
const UNIQUE = new Set(['email', 'bookend_key', 'bookend_phone'])

export async function openFakeHubspot(
  more: Readonly<Record<string, unknown>> = {},
): Promise<FakeHubspot> {
  const tables = new Map<string, Map<string, FakeObject>>()
  const links = new Set<string>()
  const keyed = ['calls', 'notes', 'tasks', 'tickets'].map((type) => `${type}.bookend_key`)
  const defined = new Map([...keyed, 'contacts.bookend_phone'].map((name) => [name, true]))
  const groups = new Set<string>()
  let indexed: ReadonlySet<FakeObject> | null = null
  let lastId = 100
  let ticks = Date.parse('2026-01-05T09:00:00Z')

  const table = (type: string): Map<string, FakeObject> => {
    const own = tables.get(type) ?? new Map<string, FakeObject>()
    tables.set(type, own)
    return own
  }
  const tick = (): string => new Date((ticks += 1_000)).toISOString()
  const find = (type: string, property: string, value: string): FakeObject | undefined =>
    [...table(type).values()].find((one) => one.properties[property] === value)

  function create(type: string, properties: Record<string, string>): FakeObject {
    const at = tick()
    const id = String((lastId += 1))
    const made = {
      id,
      properties: { ...properties, hs_object_id: id },
      createdAt: at,
      updatedAt: at,
    }
    table(type).set(id, made)
    return made
  }

  function update(found: FakeObject, properties: Record<string, string>): FakeObject {
    found.properties = { ...found.properties, ...properties }
    found.updatedAt = tick()
    return found
  }

  const link = (a: string, b: string): void => void links.add(`${a} ${b}`).add(`${b} ${a}`)

  const shown = (one: FakeObject, names?: readonly string[]): FakeObject => ({
    ...one,
    properties:
      names === undefined
        ? one.properties
        : Object.fromEntries(names.map((name) => [name, one.properties[name] ?? null])),
  })

  function handle(request: VendorRequest): VendorAnswer {
    if (request.headers['authorization'] !== `Bearer ${TOKEN}`)
      return refuse(401, 'INVALID_AUTHENTICATION')
    const [, version, noun, type = '', id = '', ...rest] = request.segments
    if (noun === 'pipelines') return ok({ results: [PIPELINE] })
    if (noun === 'owners') return ok({ results: OWNERS.filter(isAsked(request)) })
    if (noun === 'properties') return property(request, type, id)
    if (version === 'v4') return associations(request, type, id, rest)
    if (id === 'search') return search(type, request.body as SearchBody)
    if (id === 'batch') return batch(type, rest[0] ?? '', request.body as BatchBody)
    if (request.method === 'POST') {
      const { properties, associations: given = [] } = request.body as CreateBody
      const made = create(type, properties)
      for (const { to, types } of given) {
        const [spec] = types
        link(`${type}/${made.id}`, `${ownerOf(spec?.associationTypeId ?? 0)}/${to.id}`)
      }
      return { status: 201, body: shown(made) }
    }
    const found = table(type).get(id)
    if (found === undefined) return refuse(404, 'OBJECT_NOT_FOUND')
    if (request.method === 'GET') {
      return ok(shown(found, request.query.get('properties')?.split(',')))
    }
    const { properties } = request.body as CreateBody
    update(found, properties)
    return ok(shown(found, Object.keys(properties)))
  }

  function property({ method, body }: VendorRequest, type: string, id: string): VendorAnswer {
    const describe = (name: string): object => ({
      name,
      label: name,
      type: 'string',
      fieldType: 'text',
      groupName: 'bookend',
      hasUniqueValue: defined.get(`${type}.${name}`) === true,
    })
    if (method === 'GET') {
      return defined.has(`${type}.${id}`) ? ok(describe(id)) : refuse(404, 'OBJECT_NOT_FOUND')
    }
    const { name, hasUniqueValue, groupName } = body as Record<string, string | boolean>
    const own = `${type}.${String(name)}`
    if (id === 'groups') {
      if (groups.has(own)) return refuse(409, 'OBJECT_ALREADY_EXISTS')
      groups.add(own)
      return { status: 201, body }
    }
    if (defined.has(own)) return refuse(409, 'OBJECT_ALREADY_EXISTS')
    if (!groups.has(`${type}.${String(groupName)}`)) return refuse(400, 'VALIDATION_ERROR')
    defined.set(own, hasUniqueValue === true)
    return { status: 201, body: describe(String(name)) }
  }

  function associations(
    request: VendorRequest,
    type: string,
    id: string,
    [, kind = '', toType = '', toId = '']: readonly string[],
  ): VendorAnswer {
    if (request.method === 'GET') {
      const own = [...links].filter((one) => one.startsWith(`${type}/${id} ${kind}/`))
      const associationTypes = [{ category: 'HUBSPOT_DEFINED', typeId: 1, label: null }]
      const results = own.map((one) => ({
        toObjectId: Number(one.split('/').at(-1)),
        associationTypes,
      }))
      return ok({ results })
    }
    if (!table(type).has(id) || !table(toType).has(toId)) return refuse(404, 'OBJECT_NOT_FOUND')
    link(`${type}/${id}`, `${toType}/${toId}`)
    const at = tick()
    return ok({ status: 'COMPLETE', results: [], startedAt: at, completedAt: at })
  }

  function batch(type: string, verb: string, { inputs, properties }: BatchBody): VendorAnswer {
    const at = tick()
    const done = { status: 'COMPLETE', startedAt: at, completedAt: at }
    if (verb === 'read') {
      const found = inputs.flatMap(({ id }) => table(type).get(id) ?? [])
      return ok({ ...done, results: found.map((one) => shown(one, properties)) })
    }
    const results = inputs.map((input) => {
      const { id, idProperty = '' } = input
      if (!UNIQUE.has(idProperty)) return null
      const known = find(type, idProperty, id)
      const values = { ...input.properties, [idProperty]: id }
      const one = known === undefined ? create(type, values) : update(known, values)
      return { ...shown(one), new: known === undefined }
    })
    if (results.includes(null)) return refuse(400, 'VALIDATION_ERROR')
    return ok({ ...done, results })
  }

  function search(
    type: string,
    { filterGroups, properties, limit = 10 }: SearchBody,
  ): VendorAnswer {
    const seen = indexed === null ? [...table(type).values()] : [...indexed]
    const found = seen.filter((one) =>
      filterGroups.some(({ filters }) => filters.every((filter) => holds(one, filter))),
    )
    return ok({
      total: found.length,
      results: found.slice(0, limit).map((one) => shown(one, properties)),
    })
  }

  const description = readDescription('hubspot')
  const vendor = await openFakeVendor({ handle, description })
  return {
    vendor,
    auth: { token: TOKEN },
    settings: (url) => ({ base_url: url, ...more }),
    seed: create,
    associate: (from, to) => link(place(tables, from), place(tables, to)),
    all: (type) => [...table(type).values()],
    associations: links,
    defined,
    stopIndex() {
      indexed = new Set([...tables.values()].flatMap((own) => [...own.values()]))
    },
    catchUp() {
      indexed = null
    },
    [Symbol.asyncDispose]: () => vendor[Symbol.asyncDispose](),
  }
}

interface CreateBody {
  readonly properties: Record<string, string>
  readonly associations?: readonly {
    readonly to: { readonly id: string }
    readonly types: readonly { readonly associationTypeId: number }[]
  }[]
}

interface BatchBody {
  readonly inputs: readonly {
    readonly id: string
    readonly idProperty?: string
    readonly properties: Record<string, string>
  }[]
  readonly properties?: readonly string[]
}

interface Filter {
  readonly propertyName: string
  readonly operator: string
  readonly value?: string
  readonly values?: readonly string[]
}

interface SearchBody {
  readonly filterGroups: readonly { readonly filters: readonly Filter[] }[]
  readonly properties?: readonly string[]
  readonly limit?: number
}

const ok = (body: unknown): VendorAnswer => ({ status: 200, body })

const refuse = (status: number, category: string): VendorAnswer => ({
  status,
  body: { status: 'error', message: `It says: ${category}`, category, correlationId: 'c' },
})

const OWNERS = [
  { id: '41', email: 'gone@example.com', firstName: 'Gone', archived: true },
  { id: '42', email: 'Grace@example.com', firstName: 'Grace', lastName: 'Hopper', archived: false },
]

const isAsked =
  ({ query }: VendorRequest) =>
  ({ email }: { email: string }): boolean =>
    email.toLowerCase() === query.get('email')?.toLowerCase()

const PIPELINE = {
  id: '0',
  label: 'Support',
  displayOrder: 0,
  createdAt: '2026-01-01T00:00:00Z',
  updatedAt: '2026-01-01T00:00:00Z',
  archived: false,
  stages: ['1', '2', '3', '4'].map((id, displayOrder) => ({
    id,
    label: `Stage ${id}`,
    displayOrder,
    metadata: {},
    createdAt: '2026-01-01T00:00:00Z',
    updatedAt: '2026-01-01T00:00:00Z',
    archived: false,
  })),
}

/** The searchable properties hold the number without its country code, where HubSpot can read it. */
function holds(
  { properties }: FakeObject,
  { propertyName, operator, value, values }: Filter,
): boolean {
  const computed: Readonly<Record<string, string>> = {
    hs_searchable_calculated_phone_number: 'phone',
    hs_searchable_calculated_mobile_number: 'mobilephone',
  }
  const source = computed[propertyName]
  const own =
    source === undefined
      ? properties[propertyName]
      : parsePhone(properties[source] ?? '', 'US')?.national
  if (own === undefined || own === null) return false
  return operator === 'IN' ? values?.includes(own) === true : own === value
}

const ownerOf = (typeId: number): string =>
  [220, 228, 230].includes(typeId) ? 'tickets' : 'contacts'

function place(
  tables: ReadonlyMap<string, ReadonlyMap<string, FakeObject>>,
  one: FakeObject,
): string {
  const [type = ''] = [...tables].find(([, own]) => own.get(one.id) === one) ?? []
  return `${type}/${one.id}`
}
