import * as backtest from '../backtest.ts'
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
} as const satisfies Record<string, Route>
