import { mkdir, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { temporaryFolder, type TemporaryFolder } from '../testing/temporary-folder.ts'
import { checkFolder } from './check-folder.ts'
import { followUp, writeFiles } from './testing/files.ts'

const CONFIG = `export default ({ env }) => {
  if (env.TOKEN === undefined) throw new Error('TOKEN is not set')
  return { connections: { 'http/desk': {
    settings: { base_url: 'https://desk.example' }, auth: { kind: 'none' } } } }
}`
const INTAKE = `workflow: intake
on: pre-call
budget: 3s
connections: { desk: http/desk }
parameters: { name: { type: string }, unused: { type: string } }
steps:
  one: { use: desk.request.get, timeout: 2s }
  two: { use: desk.request.get, needs: one, timeout: 2s }
respond: { parameters: { name: "\${{ steps.two.body.name }}" } }
`

let root: TemporaryFolder
beforeEach(async () => {
  root = await temporaryFolder()
})
afterEach(() => root[Symbol.asyncDispose]())

async function check(files: Readonly<Record<string, string>>, env = { TOKEN: 't' }) {
  await writeFiles(root.path, files)
  return checkFolder(join(root.path, 'workflows'), env)
}

describe('checking a folder', () => {
  test('leaves what it bundled to the data folder of the project, where there is one', async () => {
    await mkdir(join(root.path, '.bookend'))
    await check({ 'workflows/follow-up.journey.ts': followUp() })
    const kept = await readdir(join(root.path, '.bookend/workflows'))
    expect(kept).toContainEqual(expect.stringMatching(/^follow-up-[0-9a-f]{16}\.mjs$/))
    expect((await check({})).workflows).toMatchObject([{ file: 'follow-up.journey.ts' }])
  })

  test('tells what would run, how long it may take, and what is odd', async () => {
    const found = await check({
      'bookend.config.ts': CONFIG,
      'workflows/intake.pre-call.yaml': INTAKE,
      'workflows/follow-up.journey.ts': followUp(),
    })
    expect(found.problems).toEqual([])
    expect(found.workflows).toMatchObject([
      { file: 'follow-up.journey.ts', form: 'typescript', kind: 'journey', worstCaseMs: null },
      { file: 'intake.pre-call.yaml', form: 'yaml', budgetMs: 3_000, worstCaseMs: 4_000 },
    ])
    expect(found.warnings).toEqual([
      'intake.pre-call.yaml:5:39 parameters.unused: nothing sets this parameter: it is always its default',
      'intake.pre-call.yaml: its steps may take 4000 ms one after the other, and the budget is 3000 ms: the last ones are cut (shorten timeouts, or let fewer steps wait for each other)',
    ])
  })

  test('tells every problem of both forms, and of the configuration', async () => {
    const files = {
      'bookend.config.ts': CONFIG,
      'workflows/intake.pre-call.yaml': INTAKE.replace('http/desk', 'http/dsk'),
      'workflows/follow-up.journey.ts': followUp().replace(
        'connections: {}',
        `connections: { desk: 'http/other' }`,
      ),
    }
    expect((await check(files)).problems).toEqual([
      'intake.pre-call.yaml:4:22 connections.desk: the connection "http/dsk" is not configured (did you mean "http/desk"?)',
      'follow-up.journey.ts: connections.desk: "http/other" is not configured',
    ])
    expect((await check(files, {} as { TOKEN: string })).problems).toEqual([
      'bookend.config.ts: TOKEN is not set',
    ])
  })

  test('takes a stored connection at its word', async () => {
    await writeFiles(root.path, {
      'workflows/intake.pre-call.yaml': INTAKE,
      'workflows/follow-up.journey.ts': followUp().replace(
        'connections: {}',
        `connections: { desk: 'http/other' }`,
      ),
    })
    const folder = join(root.path, 'workflows')
    expect((await checkFolder(folder, {}, ['http/desk', 'http/other'])).problems).toEqual([])
  })

  test('knows the calendars, and says which one is likely meant', async () => {
    const hours = (name: string): string =>
      INTAKE.replace('two: { use', `two: { if: "business_hours('${name}')", use`)
    const config = CONFIG.replace(
      'return {',
      `return { calendars: { support: { zone: 'UTC', open: { mon: ['09:00-17:00'] } } },`,
    )
    const files = {
      'bookend.config.ts': config,
      'workflows/intake.pre-call.yaml': hours('support'),
    }
    expect((await check(files)).problems).toEqual([])
    const wrong = { ...files, 'workflows/intake.pre-call.yaml': hours('suport') }
    expect((await check(wrong)).problems).toEqual([
      expect.stringMatching(
        /^intake\.pre-call\.yaml:8:\d+ .*no calendar "suport" \(did you mean "support"\?\)$/,
      ),
    ])
  })

  test('of a folder that is not there is a fault', async () => {
    await expect(checkFolder(join(root.path, 'gone'), {})).rejects.toThrow('ENOENT')
  })
})
