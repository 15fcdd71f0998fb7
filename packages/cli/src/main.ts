// `bookend`: words on the command line to an exit code.

import { findCommand, runFound, type CommandGroup } from './command.ts'
import { agents } from './commands/agents.ts'
import { backtest } from './commands/backtest.ts'
import { call } from './commands/call.ts'
import { check } from './commands/check.ts'
import { connections } from './commands/connections.ts'
import { demo } from './commands/demo.ts'
import { dev } from './commands/dev.ts'
import { doctor } from './commands/doctor.ts'
import { dryRun } from './commands/dry-run.ts'
import { handoffs } from './commands/handoffs.ts'
import { init } from './commands/init.ts'
import { keys } from './commands/keys.ts'
import { migrate } from './commands/migrate.ts'
import { platforms } from './commands/platforms.ts'
import { runs } from './commands/runs.ts'
import { secrets } from './commands/secrets.ts'
import { simulate } from './commands/simulate.ts'
import { start } from './commands/start.ts'
import { workflows } from './commands/workflows.ts'
import { explainError } from './explain-error.ts'
import { processIo, type Io } from './terminal/io.ts'

export const root: CommandGroup = {
  description: 'The work on both ends of an AI phone call',
  examples: [
    'bookend init my-calls             a folder to start from',
    'bookend dev                       the server while you write: what you save is taken over',
    'bookend demo                      a server, a clinic to try it on, and the dashboard',
    'bookend call                      a made-up call, drawn against its deadline',
    'bookend call --from +15550100002 --json',
    'bookend start                     the server alone, as in production',
  ],
  commands: {
    init,
    dev,
    start,
    demo,
    call,
    simulate,
    backtest,
    'dry-run': dryRun,
    runs,
    handoffs,
    agents,
    connections,
    platforms,
    keys,
    secrets,
    workflows,
    check,
    migrate,
    doctor,
  },
}

/** Runs one command; everything it has to say of a fault is said before this resolves. */
export async function main(words: readonly string[], io: Io = processIo()): Promise<number> {
  try {
    return await runFound(findCommand(root, 'bookend', words), io)
  } catch (error) {
    const [message = 'failed', ...details] = explainError(error)
    io.complain(`bookend: ${message}`)
    for (const line of details) io.complain(`  ${line}`)
    if ((io.env['DEBUG'] ?? '') !== '' && error instanceof Error) io.complain(error.stack ?? '')
    return 1
  }
}
