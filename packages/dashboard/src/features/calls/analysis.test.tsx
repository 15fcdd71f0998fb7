import type { AnalysisState, Call } from '@bookend/contract'
import { fireEvent, screen } from '@testing-library/react'
import { expect, test } from 'vitest'
import { ok } from '../../testing/fake-api.ts'
import { at, uuid } from '../../testing/fixtures.ts'
import { renderApp } from '../../testing/render-app.tsx'
import { partial } from '../../testing/scenes.ts'

const call: Call = {
  ...partial.call,
  analyzers: [
    { id: uuid(91), title: 'Reason', kind: 'model', prompt: 'Why?' },
    { id: uuid(92), title: 'Mood', kind: 'sentiment', prompt: '' },
    { id: uuid(93), title: 'Silence', kind: 'silence', prompt: '' },
  ],
  analysis_results: [
    {
      analyzer_id: uuid(91),
      title: 'Reason',
      kind: 'model',
      model: 'small-1',
      status: 'done',
      result: 'billing',
      cost: 0.0021,
      duration_ms: 1_240,
    },
    {
      analyzer_id: uuid(92),
      title: 'Mood',
      kind: 'sentiment',
      status: 'failed',
      error: 'language_not_supported',
      result: null,
    },
  ],
}
const state = (number: number, title: string, status: AnalysisState['status']): AnalysisState => ({
  analyzer_id: uuid(number),
  title,
  kind: 'model',
  status,
  attempts: 1,
  last_error: null,
  due_at: null,
  settled_at: at(0),
})

test('each analyzer shows its value, how it went, its time and cost, and is run again', async () => {
  const analyses = [
    state(91, 'Reason', 'done'),
    state(92, 'Mood', 'failed'),
    state(93, 'Silence', 'waiting'),
  ]
  const { api } = renderApp(`/calls/${call.uuid}`, {
    handlers: {
      getCall: () => ok(call),
      listAnalyses: () => ok({ call_id: call.uuid, analyses }),
      analyzeCall: () => ok({ call_id: call.uuid, analyses }, 202),
    },
  })
  await screen.findByRole('row', { name: /Reason model, small-1 billing done 1.24 s \$0.0021/ })
  expect(screen.getByRole('row', { name: /Mood.*none failed language not supported/ })).toBeTruthy()
  expect(
    await screen.findByRole('row', { name: /Silence not yet waits for the others/ }),
  ).toBeTruthy()
  fireEvent.click(screen.getByRole('button', { name: 'Run again…' }))
  fireEvent.click(await screen.findByRole('button', { name: 'Run analysis again' }))
  await expect.poll(() => api.asked.map(({ name }) => name)).toContain('analyzeCall')
})
