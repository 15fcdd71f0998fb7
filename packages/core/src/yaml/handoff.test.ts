import { describe, expect, test } from 'vitest'
import { fakeClock } from '../testing/fake-clock.ts'
import { memoryRun } from '../testing/memory-journal.ts'
import { execute } from '../journey/testing/execute.ts'
import { journeyOf, problemsOf } from './testing/parse.ts'

const ASK = `
workflow: after
on: visit.asked
connections: { echo: echo/main }
steps:
  callback:
    human:
      title: Call back?
      assign: team:leads
      form: { decision: { enum: [call-back, close] } }
      within: 4h
      notify:
        use: echo.value.put
        with: { text: "Answer at \${{ handoff.link }} before \${{ handoff.due_at }}" }
  later:
    if: steps.callback.answer.decision == "call-back"
    call_later:
      to: "+15550100001"
      agent: front
      in: 2h
      during: support
      params: { who: "\${{ steps.callback.answered_by }}" }
      reason: A callback
  note:
    use: echo.value.put
    with: { status: "\${{ steps.later.status }}" }
`

describe('a question in a file', () => {
  test('tells somebody of its link before it waits, and its answer schedules a call', async () => {
    const clock = fakeClock()
    const run = memoryRun(clock)
    const puts: unknown[] = []
    const put = async (input: unknown): Promise<void> => void puts.push(input)
    const journey = journeyOf(ASK)
    const { ending } = execute(
      clock,
      run,
      (context) => journey.run({ ...context, connections: { echo: { value: { put } } } }),
      { listen: (listener) => run.listen(listener) },
    )
    await clock.advance(1_000)
    expect(puts).toEqual([
      {
        text: expect.stringMatching(/^Answer at https:\/\/bookend\.test\/h\/callback before 2026/),
      },
    ])
    run.answer('callback', { decision: 'call-back' }, 'Ben')
    await clock.advance(0)
    expect(await ending).toEqual({ kind: 'completed' })
    expect(run.calls).toMatchObject([
      { to: '+15550100001', inMs: 7_200_000, calendar: 'support', params: { who: 'Ben' } },
    ])
    expect(puts[1]).toEqual({ status: 'scheduled' })
    expect([...run.steps.keys()]).toContain('callback.notify')
  })

  test('is told what is wrong with its notice, and with a call for later', () => {
    const text = `
workflow: after
on: visit.asked
connections: { echo: echo/main }
steps:
  ask:
    human:
      title: Call back?
      form: { a: { type: string } }
      within: 1h
      notify: { with: { text: "\${{ handoff.lnk }}" } }
  tell:
    human:
      title: Call back?
      form: { a: { type: string } }
      within: 1h
      notify: { use: echo.value.put, with: { text: "\${{ handoff.lnk }}" } }
  later: { call_later: { to: "+15550100001", in: 2 hours, at: "x", agnt: front } }
`
    expect(problemsOf(text, { file: 'after.journey.yaml' })).toMatchInlineSnapshot(`
      [
        "f:11:7 steps.ask.human.notify: it needs "use"",
        "f:17:57 steps.tell.human.notify.with.text: there is no field "lnk" (did you mean "link"?)",
        "f:18:12 steps.later.call_later: it needs "agent"",
        "f:18:12 steps.later.call_later: it needs either "in" or "at" (write in: 2h)",
        "f:18:50 steps.later.call_later.in: "2 hours" is not a duration (write 250ms, 2s, 10m, 4h or 7d)",
        "f:18:68 steps.later.call_later.agnt: there is no field "agnt" (did you mean "agent"?)",
      ]
    `)
  })
})
