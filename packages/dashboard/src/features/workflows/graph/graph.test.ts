import type { Run, RunStep, WorkflowStep } from '@bookend/contract'
import { describe, expect, test } from 'vitest'
import { makeRun, makeStep } from '../../../testing/fixtures.ts'
import type { Graph } from './graph.ts'
import { graphOfPinned } from './graph-of-pinned.ts'
import { graphOfRun } from './graph-of-run.ts'
import { graphOfSteps } from './graph-of-steps.ts'
import { layoutGraph, NODE_HEIGHT, NODE_WIDTH } from './layout.ts'

const written = (name: string, given: Partial<WorkflowStep> = {}): WorkflowStep => ({
  name,
  kind: 'use',
  use: 'crm.contact.find',
  effect: 'read',
  needs: [],
  if: null,
  limit_ms: 2_000,
  after_answer: false,
  in_answer: false,
  line: 1,
  ...given,
})

const ways = ({ edges }: Graph): readonly string[] =>
  edges.map(({ from, to, way }) => `${from} > ${to}${way === 'taken' ? '' : `, ${way}`}`)

describe('the graph of a definition', () => {
  test('has each step behind what it mentions, and the answer behind what it mentions (G1)', () => {
    const graph = graphOfSteps({
      kind: 'pre-call',
      on: null,
      steps: [
        written('contact'),
        written('tickets', { in_answer: true }),
        written('vip', { needs: ['contact', 'tickets'], kind: 'value', in_answer: true }),
        written('idle'),
        written('warm', { after_answer: true, needs: ['contact'] }),
      ],
    })
    expect(ways(graph)).toEqual([
      'the start > contact',
      'the start > tickets',
      'contact > vip',
      'tickets > vip',
      'the start > idle',
      'vip > the answer',
      'the answer > warm',
    ])
  })

  test('has one branch for steps that share a condition (G2)', () => {
    const condition = { if: 'steps.ask.status == "answered"', needs: ['ask'] }
    const graph = graphOfSteps({
      kind: 'journey',
      on: 'call.completed',
      steps: [written('ask', { kind: 'human' }), written('a', condition), written('b', condition)],
    })
    const branches = graph.nodes.filter(({ kind }) => kind === 'branch')
    expect(branches.map(({ title }) => title)).toEqual([condition.if])
    const [branch] = branches
    expect(ways(graph)).toEqual([
      'the start > ask',
      `ask > ${branch?.id}`,
      `${branch?.id} > a`,
      `${branch?.id} > b`,
    ])
  })
})

describe('the graph of a run', () => {
  const ran = (name: string, start_ms: number, duration_ms: number, given: Partial<RunStep> = {}) =>
    makeStep({ name, start_ms, duration_ms, ...given })
  const graphOf = (steps: RunStep[], given: Partial<Run> = {}) =>
    graphOfRun(makeRun({ steps, ...given }))

  test('has a step behind those that were over when it began', () => {
    const graph = graphOf([
      ran('contact', 0, 100),
      ran('account', 0, 300),
      ran('tickets', 101, 50),
      ran('note', 400, 10, { after_answer: true }),
    ])
    expect(ways(graph)).toEqual([
      'the start > contact',
      'the start > account',
      'contact > tickets',
      'account > the answer',
      'tickets > the answer',
      'the answer > note',
    ])
  })

  test('shows how each step went, in words as well', () => {
    const graph = graphOf([ran('contact', 0, 100, { status: 'cut' })])
    const contact = graph.nodes.find(({ id }) => id === 'contact')
    expect(contact?.state).toBe('cut')
    expect(contact?.subtitle).toMatch(/^cut at limit/)
  })

  test('of steps that take no time at all has no circle', () => {
    const graph = graphOf([ran('a', 5, 0), ran('b', 5, 0), ran('c', 5, 0)])
    expect(ways(graph).filter((way) => way.startsWith('the start'))).toHaveLength(3)
  })
})

describe('the graph of a run on the definition that it keeps', () => {
  const steps = [
    written('ask', { kind: 'human' }),
    written('ticket', { needs: ['ask'], if: 'answered' }),
    written('nobody', { needs: ['ask'], if: 'expired' }),
  ]
  const runOf = (given: Partial<Run>) =>
    graphOfPinned(makeRun({ kind: 'journey', event_type: 'call.completed', ...given }), steps)

  test('shows which way it took, and what it did not take as well (P1)', () => {
    const graph = runOf({ steps: [makeStep({ name: 'ask' }), makeStep({ name: 'ticket' })] })
    const answered = graph.nodes.find(({ title }) => title === 'answered')?.id
    const expired = graph.nodes.find(({ title }) => title === 'expired')?.id
    expect(ways(graph)).toEqual([
      'the start > ask',
      `ask > ${answered}`,
      `${answered} > ticket`,
      `ask > ${expired}, not_taken`,
      `${expired} > nobody, not_taken`,
    ])
    const nobody = graph.nodes.find(({ id }) => id === 'nobody')
    expect(nobody).toMatchObject({ state: 'skipped', subtitle: 'not taken' })
  })

  test('leaves open what may still come', () => {
    const waiting = makeStep({ name: 'ask', kind: 'human', status: 'waiting', duration_ms: null })
    const graph = runOf({ finished_at: null, steps: [waiting] })
    expect(graph.nodes.find(({ id }) => id === 'ask')?.state).toBe('human')
    expect(ways(graph).filter((way) => way.endsWith(', open'))).toHaveLength(4)
  })
})

test('one graph has one picture, in which nothing lies on anything', () => {
  const steps = Array.from({ length: 30 }, (_, at) =>
    written(`s${at}`, { needs: at < 3 ? [] : [`s${at - 3}`, `s${Math.floor(at / 2)}`] }),
  )
  const graph = graphOfSteps({ kind: 'journey', on: 'call.completed', steps })
  for (const direction of ['right', 'down'] as const) {
    const layout = layoutGraph(graph, direction)
    expect(layoutGraph(graph, direction)).toEqual(layout)
    const places = [...layout.places.values()]
    for (const [at, one] of places.entries()) {
      for (const other of places.slice(at + 1)) {
        const isApart =
          Math.abs(one.x - other.x) >= NODE_WIDTH[direction] ||
          Math.abs(one.y - other.y) >= NODE_HEIGHT
        expect(isApart).toBe(true)
      }
    }
  }
})
