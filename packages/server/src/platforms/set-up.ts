// What is to be set on a platform's side, shown or done. A request's headers hold its key: they are
// sent, and never shown.

import type { PlatformSetUp } from '@bookend/contract'
import type { HttpPort } from '@bookend/core'
import type {
  OutgoingRequest,
  PlatformConnection,
  PublicUrls,
  SetUpStep,
  SetUpTargets,
} from '@bookend/platforms'
import { askPlatform } from './ask-platform.ts'

type Step = PlatformSetUp['steps'][number]
type Done = Step['requests'][number]

type Connection = Pick<PlatformConnection, 'setUp'>

/** What is to be set, and which of it could be set by request. */
export function renderSetUp(connection: Connection, urls: PublicUrls): PlatformSetUp {
  const steps = connection.setUp(urls).map((step) =>
    renderStep(
      step,
      (step.requests ?? []).map(({ method, url }) => ({ method, url, status: null, error: null })),
    ),
  )
  return { steps, targets: findTargets(connection, urls) }
}

/** An adapter has requests for the ids that it is given, where it can make any. */
function findTargets(connection: Connection, urls: PublicUrls): PlatformSetUp['targets'] {
  const count = (targets: SetUpTargets): number =>
    connection.setUp(urls, targets).reduce((sum, { requests = [] }) => sum + requests.length, 0)
  const own = count({})
  const found = {
    account: own > 0,
    agents: count({ agentIds: ['some-agent'] }) > own,
    numbers: count({ numberIds: ['+15550100900'] }) > own,
  }
  return (['account', 'agents', 'numbers'] as const).filter((target) => found[target])
}

/** Sends the requests of every step, one after the other; one that fails stops none of the others. */
export async function performSetUp(
  { outgoing }: { readonly outgoing: Pick<HttpPort, 'send'> },
  connection: Connection,
  urls: PublicUrls,
  targets: SetUpTargets,
): Promise<PlatformSetUp> {
  const done: Step[] = []
  for (const step of connection.setUp(urls, targets)) {
    const results: Done[] = []
    for (const request of step.requests ?? []) results.push(await perform(outgoing, request))
    done.push(renderStep(step, results))
  }
  return { steps: done, targets: findTargets(connection, urls) }
}

const renderStep = ({ title, detail, settings }: SetUpStep, requests: Step['requests']): Step => ({
  title,
  detail,
  settings: settings === undefined ? null : { ...settings },
  requests,
})

async function perform(outgoing: Pick<HttpPort, 'send'>, request: OutgoingRequest): Promise<Done> {
  const { method, url } = request
  const result = await askPlatform(outgoing, request)
  if (result.kind === 'failed') return { method, url, status: null, error: result.code }
  const { status } = result
  const isDone = status >= 200 && status < 300
  return { method, url, status, error: isDone ? null : `the platform answered ${status}` }
}
