import type { Workflow } from '@bookend/contract'
import { CliError } from '../cli-error.ts'
import { command, type CommandGroup } from '../command.ts'
import { connect, connectionArgs } from '../connection.ts'
import { renderTable } from '../render/table.ts'
import type { Io } from '../terminal/io.ts'
import { printable } from '../terminal/text.ts'
import { publish } from './publish-workflow.ts'

const name = { type: 'positional', required: true, description: 'Its name' } as const
const json = { type: 'boolean', description: 'As JSON' } as const

const minute = (instant: string | null): string =>
  instant === null ? '' : instant.slice(0, 16).replace('T', ' ')

const startedBy = ({ on, budget_ms: budgetMs }: Workflow): string =>
  on ?? (budgetMs === null ? 'before a call' : `before a call, within ${budgetMs} ms`)

const list = command({
  description: 'List the workflows that the server runs',
  args: { json, ...connectionArgs },
  examples: ['bookend workflows', 'bookend workflows --json'],
  async run(args, io) {
    const { client } = connect(args, io)
    const answer = await client.call('listWorkflows', {})
    if (args.json) return io.print(JSON.stringify(answer, null, 2))
    if (answer.workflows.length === 0) {
      return io.print('No workflow yet; write one, then: bookend workflows publish <file.yaml>')
    }
    const rows = answer.workflows.map((workflow) => {
      const { form, origin, version } = workflow
      return [workflow.name, startedBy(workflow), form, origin, version]
    })
    const heading = ['workflow', 'runs', 'form', 'from', 'version']
    for (const line of renderTable(heading, rows, io.style)) io.print(line)
  },
})

const show = command({
  description: 'Show a workflow: its steps, its parameters, or its text',
  args: {
    name,
    version: { type: 'string', valueHint: 'version', description: 'An older one: its text' },
    source: { type: 'boolean', description: 'The text of a YAML workflow, and nothing else' },
    json,
    ...connectionArgs,
  },
  examples: [
    'bookend workflows show intake',
    'bookend workflows show intake --source',
    'bookend workflows show intake --version 0123456789abcdef',
  ],
  async run(args, io) {
    const { client } = connect(args, io)
    const params = { name: args.name }
    if (args.version !== undefined) {
      const asked = { ...params, version: args.version }
      const found = await client.call('getWorkflowVersion', { params: asked })
      if (args.json) return io.print(JSON.stringify(found, null, 2))
      return printSource(found.source, io)
    }
    const workflow = await client.call('getWorkflow', { params })
    if (args.json) return io.print(JSON.stringify(workflow, null, 2))
    if (args.source) return printSource(workflow.source, io)
    const { version, form, origin, parameters, worst_case_ms: worstMs, steps = [] } = workflow
    io.print(`${workflow.name} ${version}, ${form}, ${origin}`)
    io.print(`runs        ${startedBy(workflow)}`)
    if (worstMs !== null) io.print(`at worst    ${worstMs} ms`)
    if (parameters.length > 0) io.print(`parameters  ${printable(parameters.join(', '))}`)
    if (steps.length === 0) return
    io.print('')
    const rows = steps.map((step) => [
      `${step.name}${step.after_answer ? ' (after the answer)' : ''}`,
      step.use ?? step.kind,
      step.needs.join(', '),
      step.if ?? '',
      step.limit_ms === null ? '' : `${step.limit_ms} ms`,
    ])
    const heading = ['step', 'does', 'needs', 'if', 'at most']
    for (const line of renderTable(heading, rows, io.style)) io.print(line)
  },
})

/** Lines as a terminal may show them; `--json` has the text as it is. */
function printSource(source: string | undefined, io: Io): void {
  if (source === undefined) {
    throw new CliError('A workflow in TypeScript has no text here; look into its file')
  }
  for (const line of source.replace(/\n$/, '').split('\n')) io.print(printable(line))
}

const versions = command({
  description: 'List the versions of a workflow, newest first',
  args: { name, json, ...connectionArgs },
  examples: ['bookend workflows versions intake'],
  async run(args, io) {
    const { client } = connect(args, io)
    const answer = await client.call('listWorkflowVersions', { params: { name: args.name } })
    if (args.json) return io.print(JSON.stringify(answer, null, 2))
    const rows = answer.versions.map((version) => [
      version.active ? '●' : '',
      version.version,
      version.form,
      minute(version.published_at ?? version.created_at),
      version.published_by ?? 'a file',
    ])
    const heading = ['', 'version', 'form', 'since (UTC)', 'by']
    for (const line of renderTable(heading, rows, io.style)) io.print(line)
  },
})

const unpublish = command({
  description: 'Take a published workflow out of use; runs under way finish',
  args: { name, ...connectionArgs },
  examples: ['bookend workflows unpublish intake'],
  async run(args, io) {
    const { client } = connect(args, io)
    await client.call('unpublishWorkflow', { params: { name: args.name } })
    io.print(`${args.name} is not in use any more; its versions are kept.`)
  },
})

export const workflows: CommandGroup = {
  description: 'List, show and publish workflows',
  examples: [
    'bookend workflows                                 what the server runs',
    'bookend workflows publish intake.pre-call.yaml    make a file the active version',
    'bookend workflows versions intake                 what was active before',
  ],
  commands: { list, show, publish, versions, unpublish },
  otherwise: list,
}
