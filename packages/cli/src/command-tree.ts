// All commands by name, each loaded when it is typed.

import { lazy, type CommandGroup } from './command.ts'

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
    init: lazy(
      'Make a folder to start from: workflows, tests, fixtures, configuration',
      async () => (await import('./commands/init.ts')).init,
    ),
    dev: lazy(
      'Run the server on a folder of workflows, and take over what is saved there',
      async () => (await import('./commands/dev.ts')).dev,
    ),
    start: lazy(
      'Run the server until SIGINT or SIGTERM; a second one ends it at once',
      async () => (await import('./commands/start.ts')).start,
    ),
    demo: lazy(
      'Run the server with an example and its services, to try everything',
      async () => (await import('./commands/demo.ts')).demo,
    ),
    call: lazy(
      'Make up a call: the pre-call waterfall, the conversation, the work that follows',
      async () => (await import('./commands/call.ts')).call,
    ),
    talk: lazy(
      'Talk to an agent: the pre-call workflow runs, then you type what the caller says',
      async () => (await import('./commands/talk.ts')).talk,
    ),
    simulate: lazy(
      'Run a pre-call workflow on a made-up call; nothing is stored, nothing is written',
      async () => (await import('./commands/simulate.ts')).simulate,
    ),
    backtest: lazy(
      'Run a pre-call workflow on calls of the past: what would have been answered otherwise',
      async () => (await import('./commands/backtest.ts')).backtest,
    ),
    'dry-run': lazy(
      'Run a journey on a finished call: it reads, what it would write is shown and not sent',
      async () => (await import('./commands/dry-run.ts')).dryRun,
    ),
    replay: lazy(
      'Run a run of the past again on the same input, and show what is different; nothing is sent',
      async () => (await import('./commands/replay.ts')).replay,
    ),
    pull: lazy(
      'Write a call as a fixture: what it was, how it was answered, what its steps were told',
      async () => (await import('./commands/pull.ts')).pull,
    ),
    test: lazy(
      'Run the tests of this folder: vitest, with what is typed behind it',
      async () => (await import('./commands/test.ts')).test,
    ),
    runs: lazy(
      'List and operate runs of workflows',
      async () => (await import('./commands/runs.ts')).runs,
    ),
    events: lazy(
      'List, show and send events',
      async () => (await import('./commands/events.ts')).events,
    ),
    deliveries: lazy(
      'List what was sent to webhooks, and send it again',
      async () => (await import('./commands/deliveries.ts')).deliveries,
    ),
    logs: lazy(
      'What happened: calls, runs of workflows and deliveries, in the order of time',
      async () => (await import('./commands/logs.ts')).logs,
    ),
    handoffs: lazy(
      'List and answer decisions that journeys hand to people',
      async () => (await import('./commands/handoffs.ts')).handoffs,
    ),
    agents: lazy(
      'List agents, the numbers they answer and the workflow before the first word',
      async () => (await import('./commands/agents.ts')).agents,
    ),
    connections: lazy(
      'Connect other systems, check and remove them',
      async () => (await import('./commands/connections.ts')).connections,
    ),
    platforms: lazy(
      'Connect voice platforms, set them up and check them',
      async () => (await import('./commands/platforms.ts')).platforms,
    ),
    keys: lazy(
      'Make, list and revoke API keys',
      async () => (await import('./commands/keys.ts')).keys,
    ),
    secrets: lazy(
      'The keys that credentials are kept under',
      async () => (await import('./commands/secrets.ts')).secrets,
    ),
    workflows: lazy(
      'List, show and publish workflows',
      async () => (await import('./commands/workflows.ts')).workflows,
    ),
    check: lazy(
      'Check all workflows of a folder; the exit code is 1 when a start would be refused',
      async () => (await import('./commands/check.ts')).check,
    ),
    migrate: lazy(
      'Bring the database to the version this server needs, and end',
      async () => (await import('./commands/migrate.ts')).migrate,
    ),
    doctor: lazy(
      'Check this machine, the server, its parts, the key and what it is connected to',
      async () => (await import('./commands/doctor.ts')).doctor,
    ),
    completion: lazy(
      'Print what lets a shell complete commands and options',
      async () => (await import('./commands/completion.ts')).completion,
    ),
  },
}
