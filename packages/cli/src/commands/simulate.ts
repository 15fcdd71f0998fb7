import { command } from '../command.ts'
import { connect, connectionArgs } from '../connection.ts'
import { renderAnswer } from '../render/answer.ts'
import { renderWaterfall } from '../render/waterfall.ts'
import { printable } from '../terminal/text.ts'
import { findRepeated } from './find-repeated.ts'
import { parseSettings } from './parse-settings.ts'
import { explainFaults, readSource } from './workflow-source.ts'

export const simulate = command({
  description: 'Run a pre-call workflow on a made-up call; nothing is stored, nothing is written',
  args: {
    workflow: { type: 'positional', required: true, description: 'Its name' },
    from: {
      type: 'string',
      default: '+15550100001',
      valueHint: 'number',
      description: 'Who calls',
    },
    to: {
      type: 'string',
      default: '+15550100900',
      valueHint: 'number',
      description: 'Which number is called',
    },
    at: {
      type: 'string',
      valueHint: 'instant',
      description: 'When it comes in, such as 2026-03-02T15:04:05Z; else now',
    },
    agent: {
      type: 'string',
      valueHint: 'id',
      description: 'The agent that would be told: its time-out counts, its greeting is shown',
    },
    set: {
      type: 'string',
      valueHint: 'name=value',
      description: 'A parameter the call brings along; may be repeated',
    },
    draft: {
      type: 'string',
      valueHint: 'file',
      description: 'A text in YAML to try instead of what is active',
    },
    json: { type: 'boolean', description: 'As JSON' },
    ...connectionArgs,
  },
  examples: [
    'bookend simulate clinic-intake',
    'bookend simulate clinic-intake --from +15550100002 --at 2026-03-01T03:00:00Z',
    'bookend simulate clinic-intake --draft clinic-intake.pre-call.yaml',
    'bookend simulate clinic-intake --json | jq .run.steps',
  ],
  async run(args, io, words) {
    const body = {
      from_number: args.from,
      to_number: args.to,
      ...(args.at === undefined ? {} : { timestamp: args.at }),
      ...(args.agent === undefined ? {} : { agent_id: args.agent }),
      ...(args.draft === undefined ? {} : { source: await readSource(args.draft, io) }),
      params: parseSettings(findRepeated(words, 'set')),
    }
    const { client } = connect(args, io)
    const params = { name: args.workflow }
    const simulation = await client
      .call('simulateWorkflow', { params, body })
      .catch((error: unknown) => {
        throw args.draft === undefined ? error : explainFaults(error, args.draft)
      })
    if (args.json) return io.print(JSON.stringify(simulation, null, 2))
    const { run } = simulation
    io.print(`Simulating a call to ${printable(args.to)} from ${printable(args.from)}`)
    io.print('')
    for (const line of renderWaterfall(run, io)) io.print(line)
    if (run.error !== null) io.print(io.style.red(`↳ ${printable(run.error)}`))
    io.print('')
    for (const line of renderAnswer(simulation, io)) io.print(line)
    io.print('')
    io.print(io.style.dim('Simulated: no call was made, and nothing is kept of it.'))
  },
})
