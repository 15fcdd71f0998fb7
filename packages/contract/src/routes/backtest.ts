import * as backtest from '../backtest.ts'
import * as dryRun from '../dry-run.ts'
import { WorkflowParams } from '../workflows.ts'
import type { Route } from './route.ts'

export const backtestRoutes = {
  backtestWorkflow: {
    method: 'POST',
    path: '/workflows/{name}/backtest',
    tag: 'Workflows',
    scope: 'write',
    summary: 'Run a pre-call workflow on calls of the past; nothing is stored, nothing is written',
    params: WorkflowParams,
    body: backtest.BacktestCreate,
    status: 200,
    response: backtest.Backtest,
  },
  dryRunWorkflow: {
    method: 'POST',
    path: '/workflows/{name}/dry-run',
    tag: 'Workflows',
    scope: 'write',
    summary:
      'Run a journey on a finished call; it reads, what it would write is shown and not sent',
    params: WorkflowParams,
    body: dryRun.DryRunCreate,
    status: 200,
    response: dryRun.DryRun,
  },
} as const satisfies Record<string, Route>
