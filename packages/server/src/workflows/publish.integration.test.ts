import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { testServer, type TestServer } from '../testing/server.ts'
import {
  addAgent,
  greet,
  greetingOf,
  linger,
  NUMBER,
  publish,
  refusalOf,
} from './testing/published.ts'

let server: TestServer
beforeAll(async () => {
  server = await testServer({
    workflows: { 'owned.pre-call.yaml': greet('Of the folder', 'owned') },
  })
})
afterAll(() => server[Symbol.asyncDispose]())

const versionOf = async (name: string): Promise<string> =>
  (await server.client.call('getWorkflow', { params: { name } })).version

const put = (ifMatch: string): Promise<Response> =>
  server.send('/workflows/intake', {
    method: 'PUT',
    headers: { 'if-match': ifMatch },
    body: JSON.stringify({ source: greet('Whatever it is') }),
  })

describe('a workflow that is published', () => {
  test('answers the next call, and the one published after it the call after that', async () => {
    await addAgent(server.client)
    const first = await publish(server.client, 'intake', greet('One'))
    expect(first).toMatchObject({
      name: 'intake',
      origin: 'published',
      form: 'yaml',
      budget_ms: 1_000,
      worst_case_ms: 0,
      source: greet('One'),
      steps: [],
      warnings: [],
    })
    expect(await greetingOf(server.client, '+12065550100')).toBe('One')
    const second = await publish(server.client, 'intake', greet('Two'), first.version)
    expect(second.version).not.toBe(first.version)
    expect(await greetingOf(server.client, '+12065550101')).toBe('Two')
    expect(await versionOf('intake')).toBe(second.version)
  })

  test('is a version among versions: each with its text, when and by whom', async () => {
    const params = { name: 'intake' }
    const { versions } = await server.client.call('listWorkflowVersions', { params })
    expect(versions.map(({ active }) => active)).toEqual([true, false])
    expect(versions[0]).toMatchObject({ form: 'yaml', kind: 'pre-call' })
    expect(
      versions.every(({ published_by: by, published_at: at }) => by !== null && at !== null),
    ).toBe(true)
    const { version = '' } = versions[1] ?? {}
    const old = await server.client.call('getWorkflowVersion', { params: { ...params, version } })
    expect(old).toMatchObject({ source: greet('One'), active: false })
  })

  test('can be taken back to an older text', async () => {
    const before = await versionOf('intake')
    await publish(server.client, 'intake', greet('One'), before)
    expect(await greetingOf(server.client, '+12065550102')).toBe('One')
  })

  test('is not published over what somebody else published meanwhile (U1)', async () => {
    const version = await versionOf('intake')
    await publish(server.client, 'intake', greet('Theirs'), version)
    const now = await versionOf('intake')
    for (const from of [version, undefined]) {
      const problem = await refusalOf(publish(server.client, 'intake', greet('Mine'), from))
      expect(problem).toMatchObject({ status: 409, code: 'version_conflict' })
      expect(problem.detail).toContain(now)
      expect(problem.errors).toEqual([{ path: 'If-Match', message: `is now "${now}"` }])
    }
    expect(await greetingOf(server.client, '+12065550103')).toBe('Theirs')
  })

  test('has one winner among many who publish at once (U1)', async () => {
    const version = await versionOf('intake')
    const texts = Array.from({ length: 8 }, (_, index) => greet(`Racer ${index}`))
    const fates = await Promise.allSettled(
      texts.map((text) => publish(server.client, 'intake', text, version)),
    )
    expect(fates.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    const firsts = await Promise.allSettled(
      texts.map((text) => publish(server.client, 'fresh', text.replace('intake', 'fresh'))),
    )
    expect(firsts.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  })

  test('may be sent again when the answer was lost (U3)', async () => {
    const version = await versionOf('intake')
    const once = await publish(server.client, 'intake', greet('Again'), version)
    const again = await publish(server.client, 'intake', greet('Again'), version)
    expect(again).toEqual(once)
  })

  test.each(['"1"', 'nonsense', '"0123"'])('takes no %s as If-Match', async (header) => {
    const answer = await put(header)
    expect(answer.status).toBe(422)
  })

  test('replaces whatever is there, when asked so, and says what is', async () => {
    const answer = await put('*')
    expect(answer.status).toBe(200)
    expect(answer.headers.get('etag')).toBe(`"${await versionOf('intake')}"`)
  })

  test('says when its If-Match names what is not there', async () => {
    const from = '0123456789abcdef'
    const problem = await refusalOf(publish(server.client, 'nobody', greet('x', 'nobody'), from))
    expect(problem).toMatchObject({ status: 409, code: 'version_conflict' })
    expect(problem.detail).toContain('leave out If-Match')
  })
})

describe('a name', () => {
  test.each(['UPPER', 'a%20b', "'; drop table calls", 'a'.repeat(65)])(
    'that is none is not there: %s',
    async (name) => {
      for (const [method, path] of [
        ['PUT', `/workflows/${name}`],
        ['POST', `/workflows/${name}/check`],
      ]) {
        const answer = await server.send(path ?? '', {
          method: method ?? '',
          body: JSON.stringify({ source: greet('x') }),
        })
        expect(answer.status).toBe(404)
      }
    },
  )

  test('that a file has is the file’s (U4)', async () => {
    const problem = await refusalOf(publish(server.client, 'owned', greet('Mine', 'owned')))
    expect(problem).toMatchObject({ status: 409, code: 'state_conflict' })
    expect(problem.detail).toContain('is a file of the workflows folder')
    const gone = refusalOf(server.client.call('unpublishWorkflow', { params: { name: 'owned' } }))
    expect(await gone).toMatchObject({ status: 409, code: 'state_conflict' })
    const shown = await server.client.call('getWorkflow', { params: { name: 'owned' } })
    expect(shown).toMatchObject({ origin: 'file', source: greet('Of the folder', 'owned') })
  })

  test('must be the one in the text', async () => {
    const problem = await refusalOf(publish(server.client, 'outtake', greet('x')))
    expect(problem.errors).toEqual([
      {
        path: '1:11',
        message:
          'workflow: it is published as "outtake", and the workflow "intake" (write "workflow: outtake")',
      },
    ])
  })

  test('does not become a journey while agents ask it before calls', async () => {
    const text = linger('x').replace('linger', 'intake')
    const problem = await refusalOf(
      publish(server.client, 'intake', text, await versionOf('intake')),
    )
    expect(problem).toMatchObject({ status: 409, code: 'state_conflict' })
    expect(problem.detail).toContain('agents use it ("Front")')
  })

  test('is not unpublished while agents ask it, and is free afterwards', async () => {
    const params = { name: 'intake' }
    const unpublish = () => server.client.call('unpublishWorkflow', { params })
    expect(await refusalOf(unpublish())).toMatchObject({ status: 409, code: 'state_conflict' })
    const { agents } = await server.client.call('listAgents', { query: {} })
    await server.client.call('updateAgent', {
      params: { id: agents[0]?.id ?? '' },
      body: { pre_call_webhook_url: null },
    })
    await unpublish()
    expect(await refusalOf(server.client.call('getWorkflow', { params }))).toMatchObject({
      status: 404,
    })
    expect(await refusalOf(unpublish())).toMatchObject({ status: 404 })
    await publish(server.client, 'intake', greet('Anew'))
  })
})

describe('a text that is no workflow', () => {
  const FAULTY = greet('Hi').replace('budget: 1s', 'budgt: 1s\nsteps: { a: { valeu: 1 } }')

  test('is refused with every fault, its place and what would be right', async () => {
    const problem = await refusalOf(publish(server.client, 'intake', FAULTY))
    expect(problem).toMatchObject({ status: 422, code: 'invalid' })
    expect(problem.errors).toEqual([
      { path: '3:1', message: expect.stringContaining('(did you mean "budget"?)') },
      { path: '4:10', message: expect.stringContaining('the step does nothing') },
      { path: '4:15', message: expect.stringContaining('(did you mean "value"?)') },
    ])
  })

  test('is told the same by a check, of a name that nobody has too', async () => {
    const check = (source: string, name = 'unheard-of') =>
      server.client.call('checkWorkflow', { params: { name }, body: { source } })
    const verdict = await check(FAULTY)
    expect(verdict).toMatchObject({ valid: false, steps: [], version: null })
    expect(verdict.problems).toHaveLength(4)
    const steps = 'steps:\n  a: { value: 1 }\n  b: { if: steps.a == 1, value: two }\n'
    const text = greet('${{ steps.b }}', 'unheard-of').replace('respond:', `${steps}respond:`)
    expect(await check(text)).toMatchObject({
      valid: true,
      kind: 'pre-call',
      version: expect.stringMatching(/^[0-9a-f]{16}$/),
      worst_case_ms: 0,
      budget_ms: 1_000,
      steps: [
        { name: 'a', kind: 'value', needs: [], if: null, effect: null, in_answer: false, line: 7 },
        { name: 'b', needs: ['a'], if: 'steps.a == 1', after_answer: false, in_answer: true },
      ],
    })
    expect(
      await refusalOf(server.client.call('getWorkflow', { params: { name: 'unheard-of' } })),
    ).toMatchObject({ status: 404 })
  })

  const laughs = [
    'a: &a [x, x]',
    ...Array.from({ length: 9 }, (_, index) => {
      const [before, name] = 'abcdefghij'.slice(index, index + 2)
      return `${name}: &${name} [*${before}, *${before}]`
    }),
  ].join('\n')

  test.each([
    ['a billion laughs', laughs],
    ['brackets in brackets', '['.repeat(262_000)],
    ['256 KiB of keys', 'k: 1\n'.repeat(52_000)],
    [
      '256 KiB of one step',
      `workflow: intake\non: pre-call\nsteps: { a: { value: "${'${{ 1 }}'.repeat(29_000)}" } }`,
    ],
    ['more than 256 KiB', 'x'.repeat(262_145)],
    ['a megabyte and more', 'x'.repeat(1_100_000)],
    ['U+0000', 'workflow: \u0000'],
    ['half a character', 'workflow: \ud800'],
    ['nothing', ''],
    ['a tag', 'workflow: !!js/function "x"'],
  ])('and is made to do harm is refused at once: %s (E11, D3)', async (_, source) => {
    for (const [method, path] of [
      ['PUT', '/workflows/intake'],
      ['POST', '/workflows/intake/check'],
      ['POST', '/workflows/intake/simulate'],
    ]) {
      const call = path?.endsWith('simulate') === true ? { from_number: 'a', to_number: 'b' } : {}
      const startedAt = performance.now()
      const answer = await server.send(path ?? '', {
        method: method ?? '',
        body: JSON.stringify({ ...call, source }),
      })
      expect(performance.now() - startedAt).toBeLessThan(3_000)
      const told: unknown = await answer.json()
      const verdict = { status: answer.status, told }
      expect([200, 413, 422]).toContain(answer.status)
      expect(verdict).not.toMatchObject({ status: 200, told: { valid: true } })
      expect(verdict).not.toMatchObject({ status: 200, told: { version: expect.any(String) } })
    }
  })
})

describe('what a workflow and its agents promise each other', () => {
  test('is warned of where it does not fit', async () => {
    const { id } = await addAgent(server.client, 'promises', '+15550100901')
    await server.client.call('updateAgent', {
      params: { id },
      body: { prompt: 'Say {{greeting}} to {{who}}', pre_call_webhook_timeout: 0.5 },
    })
    const text = greet('Hi', 'promises').replace(
      'respond:',
      '  spare: { type: string, default: x }\nsteps: { idle: { value: 1 } }\nrespond:',
    )
    const { warnings } = await publish(server.client, 'promises', text)
    const agent = { id, name: 'Front' }
    expect(warnings).toEqual([
      {
        code: 'unused',
        line: 6,
        column: 3,
        agent: null,
        message: expect.stringContaining('spare'),
      },
      {
        code: 'unused',
        line: 7,
        column: 10,
        agent: null,
        message: expect.stringContaining('idle'),
      },
      {
        code: 'placeholder_without_value',
        agent,
        line: null,
        column: null,
        message: expect.stringContaining('{{who}}'),
      },
      {
        code: 'budget_cut',
        agent,
        line: null,
        column: null,
        message: expect.stringContaining('1000 ms'),
      },
      {
        code: 'parameter_unused',
        agent: null,
        line: null,
        column: null,
        message: expect.stringContaining('{{spare}}'),
      },
    ])
  })
})

describe('a draft', () => {
  const params = { name: 'untold' }
  const body = { from_number: '+12065550100', to_number: NUMBER }

  test('can be tried before it is published, and nothing of it is kept', async () => {
    const source = greet('${{ call.from_number }}', 'untold')
    const tried = await server.client.call('simulateWorkflow', {
      params,
      body: { ...body, source },
    })
    expect(tried.parameters).toEqual({ greeting: '+12065550100' })
    expect(tried.run).toMatchObject({ workflow: 'untold', budget_ms: 1_000 })
    expect(await refusalOf(server.client.call('listWorkflowVersions', { params }))).toMatchObject({
      status: 404,
    })
  })

  test('is told its faults, and that a journey is not simulated', async () => {
    const simulate = (source: string) =>
      refusalOf(server.client.call('simulateWorkflow', { params, body: { ...body, source } }))
    expect(await simulate('workflow: untold')).toMatchObject({ status: 422 })
    const journey = linger('x').replace('linger', 'untold')
    expect(await simulate(journey)).toMatchObject({ status: 409, code: 'state_conflict' })
  })
})
