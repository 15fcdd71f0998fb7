import { connectors } from '@bookend/connectors'
import { fakeClock } from '@bookend/core/testing'
import { describe, expect, test } from 'vitest'
import { RecordedAnswers, type RecordedStep } from './recorded-answers.ts'

const kept: RecordedStep = {
  name: 'person',
  status: 'ok',
  duration_ms: 40,
  connection: 'http/desk',
  action: 'request.get',
  input: { path: ['people'] },
  output: { first_name: 'Ada' },
  error: null,
}

interface Desk {
  request: Record<'get' | 'send', (input: unknown) => Promise<unknown>>
}

/** Runs one step in TypeScript, as a draft has it, over what was recorded. */
async function ask(
  recorded: Partial<RecordedStep>,
  run: (desk: Desk) => unknown,
  was: 'typescript' | 'yaml' = 'typescript',
) {
  const clock = fakeClock()
  const find = () => ({ connector: connectors.http as never })
  const steps = [{ ...kept, ...recorded }]
  const answers = new RecordedAnswers({ steps, clock, find, forms: { was, now: 'typescript' } })
  const { desk } = answers.handlesFor({ desk: 'http/desk' }) as unknown as { desk: Desk }
  const { signal } = new AbortController()
  const step = { name: 'person', signal, remainingMs: () => 1_000, note: () => undefined }
  const ending = Promise.resolve(answers.enter(step, () => run(desk))).then(
    (output) => ({ output, error: null }),
    (error: unknown) => ({ output: null, error: (error as Error).message }),
  )
  await clock.advance(40)
  return { ...(await ending), gaps: answers.gaps }
}

const same = (desk: Desk) => desk.request.get({ path: ['people'] })

describe('what a step was answered then', () => {
  test('is what it made of the answer, which is what is recorded (R3)', async () => {
    const run = async (desk: Desk) => ((await same(desk)) as { body: unknown }).body
    expect(await ask({}, run)).toEqual({ output: { first_name: 'Ada' }, error: null, gaps: [] })
  })

  test('is a failure where it failed', async () => {
    expect((await ask({ status: 'failed', error: 'http_503' }, same)).error).toBe('http_503')
  })

  test('is not asked for by a step that asks nothing (R2)', async () => {
    expect((await ask({}, () => 7)).output).toBe(7)
    expect((await ask({}, () => Promise.resolve(7))).output).toBe(7)
  })

  test.each([
    ['another input', {}, (desk: Desk) => desk.request.get({ path: ['x'] })],
    ['another name', { name: 'patient' }, same],
    ['nothing then', { connection: null, action: null, input: null }, same],
    ['never started', { status: 'not_started' }, same],
    ['an output that was taken out', { output: { token: '(redacted)' } }, same],
    ['an output that was too long', { output: '(20000 characters, not kept)' }, same],
  ])('is a gap and never a guess: %s (R1)', async (_, recorded, run) => {
    const { gaps, error } = await ask(recorded, run)
    expect(gaps).toEqual([{ step: 'person', reason: expect.any(String) }])
    expect(error).toContain('Nothing recorded')
  })

  test('is a gap where the workflow was in the other form (R3)', async () => {
    const { gaps } = await ask({}, same, 'yaml')
    expect(gaps).toEqual([{ step: 'person', reason: 'the workflow was in YAML then' }])
  })

  test('is no answer to a write, which is refused', async () => {
    const { error, gaps } = await ask({}, (desk) => desk.request.send({ path: ['people'] }))
    expect(error).toContain('may only read')
    expect(gaps).toEqual([])
  })
})
