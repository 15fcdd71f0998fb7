import { EditorView } from '@codemirror/view'
import type { Workflow, WorkflowCheck } from '@bookend/contract'
import { act, fireEvent, screen, waitFor, within } from '@testing-library/react'
import { beforeAll, describe, expect, test } from 'vitest'
import { ok, refuse } from '../../../testing/fake-api.ts'
import { at, session } from '../../../testing/fixtures.ts'
import { renderApp } from '../../../testing/render-app.tsx'
import { loadEditor } from '../testing/load-editor.ts'

const SOURCE = `workflow: intake
on: pre-call
steps:
  contact:
    use: crm.contact.find
  vip:
    value: true
`
const FAULTY = SOURCE.replace('crm', 'crmm')
const VERSION = '51c07e2a99d10000'
const NEWER = 'aa00000000000000'

const intake: Workflow = {
  name: 'intake',
  kind: 'pre-call',
  form: 'yaml',
  origin: 'published',
  version: VERSION,
  budget_ms: 4_000,
  worst_case_ms: 2_000,
  on: null,
  parameters: [],
  connections: { crm: 'hubspot/main' },
  updated_at: at(0),
  source: SOURCE,
}

const valid: WorkflowCheck = {
  valid: true,
  problems: [],
  warnings: [],
  kind: 'pre-call',
  version: VERSION,
  budget_ms: 4_000,
  worst_case_ms: 2_000,
  steps: [],
}
const problem = {
  line: 5,
  column: 10,
  path: 'steps.contact.use',
  message: 'there is no connection "crmm" in this file',
  hint: 'did you mean crm?',
}

interface Opened {
  stored?: Partial<Workflow>
  path?: string
  scopes?: (typeof session)['scopes']
}

/** The editor on a server that finds a fault in every text with "crmm". */
function open({ stored = {}, path = '/workflows/intake/edit', scopes }: Opened = {}) {
  const workflows = [{ ...intake, ...stored }]
  return renderApp(path, {
    state: { workflows, ...(scopes && { session: { ...session, scopes } }) },
    handlers: {
      checkWorkflow: ({ body }) => {
        const isFaulty = (body as { source: string }).source.includes('crmm')
        return ok(isFaulty ? { ...valid, valid: false, problems: [problem] } : valid)
      },
      publishWorkflow: ({ body }) => {
        const [workflow] = workflows
        if (workflow === undefined) return refuse('internal', 'The fake has no workflow.')
        Object.assign(workflow, body, { version: NEWER })
        return ok({ ...workflow, warnings: [] })
      },
    },
  })
}

const text = () => screen.findByRole('textbox', { name: 'Text of intake' })

async function type(source: string): Promise<void> {
  const view = EditorView.findFromDOM(await text())
  if (view === null) throw new Error('There is no editor')
  act(() => view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: source } }))
}

const press = (key: string, modifiers = {}) =>
  fireEvent.keyDown(document.body, { key, ...modifiers })
const CTRL = { ctrlKey: true }

const problems = async () => within(await screen.findByRole('region', { name: 'Problems' }))

beforeAll(loadEditor, 60_000)

describe('the workflow editor', () => {
  test('shows the text in use and what is wrong with what is typed, as the server says it', async () => {
    open()
    expect((await text()).textContent).toContain('workflow: intake')
    await (await problems()).findByText('none')
    await type(FAULTY)
    const fault = await (await problems()).findByRole('button', { name: /5:10 .*crmm.*crm\?/ })
    await (await problems()).findByText('1 problem')
    fireEvent.click(fault)
    const view = EditorView.findFromDOM(await text())
    expect(view?.state.doc.lineAt(view.state.selection.main.head).number).toBe(5)
  })

  test('goes to the fault in place of publishing a text that has one (E1)', async () => {
    const app = open()
    await type(FAULTY)
    await (await problems()).findByText('1 problem')
    press('s', CTRL)
    expect(await screen.findByText('Not published: the text has problems.')).toBeTruthy()
    expect(screen.queryByRole('alertdialog')).toBeNull()
    expect(app.api.asked.some(({ name }) => name === 'publishWorkflow')).toBe(false)
  })

  test('publishes what was reviewed against the version it was begun from', async () => {
    const app = open()
    await type(SOURCE.replace('true', 'false'))
    press('s', CTRL)
    const review = within(await screen.findByRole('alertdialog', { name: 'Publish intake?' }))
    expect(review.getByText('No agent uses it yet.')).toBeTruthy()
    const changes = within(review.getByRole('region', { name: 'Changes to what is in use' }))
    expect(changes.getByText(/value: false/).textContent).toMatch(/added/)
    fireEvent.click(await review.findByRole('button', { name: 'Publish intake' }))
    expect(await screen.findByText('Published as version aa000000.')).toBeTruthy()
    const sent = app.api.asked.find(({ name }) => name === 'publishWorkflow')
    expect(sent?.headers.get('if-match')).toBe(`"${VERSION}"`)
    expect(sent?.body).toEqual({ source: SOURCE.replace('true', 'false') })
    expect(screen.getByRole('button', { name: 'Publish…' }).hasAttribute('disabled')).toBe(true)
  })

  test('shows theirs, base and yours when somebody else published, and loses neither', async () => {
    const app = open()
    await type(SOURCE.replace('true', 'false'))
    app.api.answer('publishWorkflow', () => {
      Object.assign(app.state.workflows[0] ?? {}, {
        version: NEWER,
        source: SOURCE.replace('vip', 'gold'),
      })
      return refuse('version_conflict', '"intake" is at another version.')
    })
    press('s', CTRL)
    fireEvent.click(await screen.findByRole('button', { name: 'Publish intake' }))
    expect(await screen.findByText('Somebody else published meanwhile.')).toBeTruthy()
    const theirs = screen.getByRole('region', { name: 'What they changed' })
    expect(within(theirs).getByText(/gold/)).toBeTruthy()
    fireEvent.click(screen.getByRole('button', { name: 'What you changed' }))
    const yours = screen.getByRole('region', { name: 'What you changed' })
    expect(within(yours).getByText(/value: false/)).toBeTruthy()

    fireEvent.click(screen.getByRole('button', { name: 'Keep mine on top of theirs' }))
    app.api.answer('publishWorkflow', () => ok({ ...intake, version: VERSION, warnings: [] }))
    press('s', CTRL)
    fireEvent.click(await screen.findByRole('button', { name: 'Publish intake' }))
    await screen.findByText('Published as version 51c07e2a.')
    const sent = app.api.asked.findLast(({ name }) => name === 'publishWorkflow')
    expect(sent?.headers.get('if-match')).toBe(`"${NEWER}"`)
  })

  test('takes their text when that is chosen, and undo brings yours back', async () => {
    const app = open()
    await type(SOURCE.replace('true', 'false'))
    app.api.answer('publishWorkflow', () => {
      Object.assign(app.state.workflows[0] ?? {}, { version: NEWER, source: '# theirs' })
      return refuse('version_conflict', '"intake" is at another version.')
    })
    press('s', CTRL)
    fireEvent.click(await screen.findByRole('button', { name: 'Publish intake' }))
    fireEvent.click(await screen.findByRole('button', { name: 'Take theirs, drop mine' }))
    await waitFor(async () => expect((await text()).textContent).toContain('# theirs'))
    expect(screen.queryByText('Somebody else published meanwhile.')).toBeNull()
    fireEvent.keyDown(await text(), { key: 'z', code: 'KeyZ', keyCode: 90, ...CTRL })
    await waitFor(async () => expect((await text()).textContent).toContain('value: false'))
  })

  test.each([
    ['a file owns the name', { stored: { origin: 'file' } }, /is a file of the server's folder/],
    ['the key only reads', { scopes: ['read'] }, /may read workflows but not publish/],
  ] satisfies [string, Opened, RegExp][])('is read only when %s', async (_, given, why) => {
    open(given)
    expect((await text()).getAttribute('aria-readonly')).toBe('true')
    expect(screen.getByText(why)).toBeTruthy()
    expect(screen.queryByRole('button', { name: 'Publish…' })).toBeNull()
    press('s', CTRL)
    expect(screen.queryByRole('alertdialog')).toBeNull()
  })

  test('asks before leaving drops what was typed', async () => {
    const app = open()
    await type(SOURCE.replace('true', 'false'))
    fireEvent.click(screen.getByRole('link', { name: 'Agents' }))
    const dialog = within(await screen.findByRole('alertdialog'))
    fireEvent.click(dialog.getByRole('button', { name: 'Cancel' }))
    expect(app.address()).toMatch(/edit/)
    expect((await text()).textContent).toContain('value: false')
  })

  test('begins a new name with a starter, and publishes it without a version', async () => {
    const app = open({ path: '/workflows' })
    fireEvent.click(await screen.findByRole('button', { name: 'New workflow' }))
    fireEvent.change(screen.getByLabelText('Name'), { target: { value: 'intake' } })
    fireEvent.click(screen.getByRole('button', { name: 'Write it' }))
    expect(screen.getByText('There is one of this name already.')).toBeTruthy()
    fireEvent.change(screen.getByLabelText('Name'), { target: { value: 'second' } })
    fireEvent.click(screen.getByRole('button', { name: 'Write it' }))
    const made = await screen.findByRole('textbox', { name: 'Text of second' })
    expect(made.textContent).toContain('workflow: second')
    press('s', CTRL)
    fireEvent.click(await screen.findByRole('button', { name: 'Publish second' }))
    await screen.findByText(/Published as version/)
    const sent = app.api.asked.find(({ name }) => name === 'publishWorkflow')
    expect(sent?.headers.has('if-match')).toBe(false)
  })

  test('restores an older version as a change to the one in use', async () => {
    const app = open({ path: '/workflows/intake/edit?from=0000000000000001' })
    app.api.answer('getWorkflowVersion', () =>
      ok({
        version: '0000000000000001',
        kind: 'pre-call',
        form: 'yaml',
        active: false,
        created_at: at(0),
        published_at: at(0),
        published_by: 'Ana',
        source: '# of old',
      }),
    )
    await waitFor(async () => expect((await text()).textContent).toContain('# of old'))
    expect(screen.getByText('changed, not published')).toBeTruthy()
    press('s', CTRL)
    fireEvent.click(await screen.findByRole('button', { name: 'Publish intake' }))
    await screen.findByText(/Published as version/)
    await waitFor(() => expect(app.address()).toBe('/workflows/intake/edit'))
    expect((await text()).textContent).toContain('# of old')
  })
})
