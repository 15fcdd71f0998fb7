import { connectors } from '@bookend/connectors'
import { parseYamlWorkflow, renderProblem } from '@bookend/core/yaml'
import { describe, expect, test } from 'vitest'
import { checkCommands, commandsOfBlock, commandsOfText } from './check-commands.ts'
import { checkTypes } from './check-types.ts'
import { listPages, placeOf, readPage, readSamples } from './samples.ts'
import { fileOf, wrapYaml } from './wrap.ts'

const pages = listPages()
const samples = pages.flatMap(readSamples)
const of = (language: string) => samples.filter((sample) => sample.language === language)

describe('the samples of the documentation', () => {
  test('in TypeScript have the right types', () => {
    const code = of('ts')
    expect(code.length).toBeGreaterThan(40)
    expect(checkTypes(code)).toEqual([])
  }, 120_000)

  test('in YAML are workflows that a server takes', () => {
    const workflows = of('yaml').flatMap((sample) => {
      const text = wrapYaml(sample)
      return text === null ? [] : [{ sample, text }]
    })
    expect(workflows.length).toBeGreaterThan(20)
    const wrong = workflows.flatMap(({ sample, text }) => {
      const parsed = parseYamlWorkflow(text, {
        file: null,
        catalog: connectors,
        connections: null,
        calendars: null,
        now: () => new Date(0),
      })
      const problems = parsed.ok ? parsed.warnings : parsed.problems
      return problems.map((problem) => renderProblem(`${placeOf(sample)} its line`, problem))
    })
    expect(wrong).toEqual([])
  })

  test('that show a file show what is in it', () => {
    const shown = samples.flatMap((sample) => {
      const file = fileOf(sample)
      return file === null ? [] : [{ sample, file }]
    })
    const other = shown.filter(({ sample, file }) => sample.code !== readPage(file))
    expect(other.map(({ sample }) => placeOf(sample))).toEqual([])
  })

  test('in a shell name commands and options that there are', async () => {
    const typed = [
      ...of('sh').flatMap(commandsOfBlock),
      ...pages.flatMap((page) => commandsOfText(page, readPage(page))),
    ]
    expect(typed.length).toBeGreaterThan(40)
    expect(await checkCommands(typed)).toEqual([])
  })
})

/** The site takes every page for a template: what looks like an element there has to be one. */
test('no page has an element that is not closed', () => {
  const open = pages.flatMap((page) => {
    const text = readPage(page)
      .replaceAll(/^ *```[^]*?^ *```/gm, '')
      .replaceAll(/`[^`\n]+`|<!--[^]*?-->/g, '')
    const found = [...text.matchAll(/(?<!\\)<([a-z]\w*)/gi)].map(([, name = '']) => name)
    return found.filter((name) => !MAY_STAND.has(name)).map((name) => `${page}: <${name}`)
  })
  expect(open).toEqual([])
})

const MAY_STAND = new Set(['a', 'br', 'img', 'picture', 'source'])
