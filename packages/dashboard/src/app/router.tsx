// Every screen and its address. What a screen shows beyond its address is in typed search
// parameters, so that back works and a pasted link opens the same view.

import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  redirect,
  type RouterHistory,
} from '@tanstack/react-router'
import { CallScreen } from '../features/calls/call-screen.tsx'
import { CallsScreen } from '../features/calls/calls-screen.tsx'
import { parseCallSearch, parseCallsSearch } from '../features/calls/search.ts'
import { parseDeliveriesSearch } from '../features/deliveries/search.ts'
import { HomeScreen } from '../features/home/home-screen.tsx'
import { parseHandoffsSearch } from '../features/handoffs/search.ts'
import { parseEditorSearch } from '../features/workflows/editor/search.ts'
import { parseBacktestSearch } from '../features/backtest/search.ts'
import { parseReplaySearch } from '../features/replay/search.ts'
import { parseSettingsSearch } from '../features/settings/search.ts'
import { parseWorkflowSearch } from '../features/workflows/search.ts'
import { NotFound, ScreenFailed } from './screen-failed.tsx'

const root = createRootRoute({ component: Outlet, notFoundComponent: NotFound })

const home = createRoute({
  getParentRoute: () => root,
  path: '/',
  component: HomeScreen,
})

const calls = createRoute({
  getParentRoute: () => root,
  path: '/calls',
  validateSearch: parseCallsSearch,
  component: CallsScreen,
})

const call = createRoute({
  getParentRoute: () => root,
  path: '/calls/$id',
  validateSearch: parseCallSearch,
  component: CallScreen,
})

const handoffs = createRoute({
  getParentRoute: () => root,
  path: '/handoffs',
  validateSearch: parseHandoffsSearch,
  component: lazyRouteComponent(
    () => import('../features/handoffs/handoffs-screen.tsx'),
    'HandoffsScreen',
  ),
})

const handoff = createRoute({
  getParentRoute: () => root,
  path: '/handoffs/$id',
  component: lazyRouteComponent(
    () => import('../features/handoffs/handoff-screen.tsx'),
    'HandoffScreen',
  ),
})

const agents = createRoute({
  getParentRoute: () => root,
  path: '/agents',
  component: lazyRouteComponent(
    () => import('../features/agents/agents-screen.tsx'),
    'AgentsScreen',
  ),
})

const newAgent = createRoute({
  getParentRoute: () => root,
  path: '/agents/new',
  component: lazyRouteComponent(
    () => import('../features/agents/new-agent-screen.tsx'),
    'NewAgentScreen',
  ),
})

const agent = createRoute({
  getParentRoute: () => root,
  path: '/agents/$id',
  component: lazyRouteComponent(() => import('../features/agents/agent-screen.tsx'), 'AgentScreen'),
})

const workflows = createRoute({
  getParentRoute: () => root,
  path: '/workflows',
  component: lazyRouteComponent(
    () => import('../features/workflows/workflows-screen.tsx'),
    'WorkflowsScreen',
  ),
})

const workflow = createRoute({
  getParentRoute: () => root,
  path: '/workflows/$name',
  validateSearch: parseWorkflowSearch,
  component: lazyRouteComponent(
    () => import('../features/workflows/workflow-screen.tsx'),
    'WorkflowScreen',
  ),
})

const workflowEditor = createRoute({
  getParentRoute: () => root,
  path: '/workflows/$name/edit',
  validateSearch: parseEditorSearch,
  component: lazyRouteComponent(
    () => import('../features/workflows/editor/editor-screen.tsx'),
    'EditorScreen',
  ),
})

const connections = createRoute({
  getParentRoute: () => root,
  path: '/connections',
  component: lazyRouteComponent(
    () => import('../features/connections/connections-screen.tsx'),
    'ConnectionsScreen',
  ),
})

const connection = createRoute({
  getParentRoute: () => root,
  path: '/connections/$connector/$connection',
  component: lazyRouteComponent(
    () => import('../features/connections/connection-screen.tsx'),
    'ConnectionScreen',
  ),
})

const platforms = createRoute({
  getParentRoute: () => root,
  path: '/platforms',
  component: lazyRouteComponent(
    () => import('../features/platforms/platforms-screen.tsx'),
    'PlatformsScreen',
  ),
})

const platform = createRoute({
  getParentRoute: () => root,
  path: '/platforms/$platform/$connection',
  component: lazyRouteComponent(
    () => import('../features/platforms/platform-screen.tsx'),
    'PlatformScreen',
  ),
})

const numbers = createRoute({
  getParentRoute: () => root,
  path: '/numbers',
  component: lazyRouteComponent(
    () => import('../features/numbers/numbers-screen.tsx'),
    'NumbersScreen',
  ),
})

const webhooks = createRoute({
  getParentRoute: () => root,
  path: '/webhooks',
  component: lazyRouteComponent(
    () => import('../features/webhooks/webhooks-screen.tsx'),
    'WebhooksScreen',
  ),
})

const webhook = createRoute({
  getParentRoute: () => root,
  path: '/webhooks/$id',
  component: lazyRouteComponent(
    () => import('../features/webhooks/webhook-screen.tsx'),
    'WebhookScreen',
  ),
})

const deliveries = createRoute({
  getParentRoute: () => root,
  path: '/deliveries',
  validateSearch: parseDeliveriesSearch,
  component: lazyRouteComponent(
    () => import('../features/deliveries/deliveries-screen.tsx'),
    'DeliveriesScreen',
  ),
})

const delivery = createRoute({
  getParentRoute: () => root,
  path: '/deliveries/$id',
  component: lazyRouteComponent(
    () => import('../features/deliveries/delivery-screen.tsx'),
    'DeliveryScreen',
  ),
})

const replay = createRoute({
  getParentRoute: () => root,
  path: '/replay',
  validateSearch: parseReplaySearch,
  component: lazyRouteComponent(
    () => import('../features/replay/replay-screen.tsx'),
    'ReplayScreen',
  ),
})

const backtest = createRoute({
  getParentRoute: () => root,
  path: '/backtest',
  validateSearch: parseBacktestSearch,
  component: lazyRouteComponent(
    () => import('../features/backtest/backtest-screen.tsx'),
    'BacktestScreen',
  ),
})

const settings = createRoute({
  getParentRoute: () => root,
  path: '/settings',
  beforeLoad: () => {
    // The router takes a redirect as a throw.
    // oxlint-disable-next-line typescript/only-throw-error
    throw redirect({ to: '/settings/$section', params: { section: 'keys' } })
  },
})

const settingsSection = createRoute({
  getParentRoute: () => root,
  path: '/settings/$section',
  validateSearch: parseSettingsSearch,
  component: lazyRouteComponent(
    () => import('../features/settings/settings-screen.tsx'),
    'SettingsScreen',
  ),
})

const routeTree = root.addChildren([
  home,
  calls,
  call,
  handoffs,
  handoff,
  agents,
  newAgent,
  agent,
  workflows,
  workflow,
  workflowEditor,
  connections,
  connection,
  platforms,
  platform,
  numbers,
  webhooks,
  webhook,
  deliveries,
  delivery,
  replay,
  backtest,
  settings,
  settingsSection,
])

export const createAppRouter = (history?: RouterHistory) =>
  createRouter({
    routeTree,
    ...(history === undefined ? {} : { history }),
    defaultErrorComponent: ScreenFailed,
    scrollRestoration: true,
  })

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof createAppRouter>
  }
}
