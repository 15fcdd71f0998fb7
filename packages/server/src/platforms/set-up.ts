// What is to be set on a platform's side, shown or done. A request's headers hold its key: they are
// sent, and never shown.

import type { PlatformSetUp } from '@bookend/contract'
import type { HttpPort } from '@bookend/core'
import type { OutgoingRequest, SetUpStep } from '@bookend/platforms'
import { askPlatform } from './ask-platform.ts'

type Step = PlatformSetUp['steps'][number]
type Done = Step['requests'][number]

export const renderSetUp = (steps: readonly SetUpStep[]): PlatformSetUp => ({
  steps: steps.map((step) =>
    renderStep(
      step,
      (step.requests ?? []).map(({ method, url }) => ({ method, url, status: null, error: null })),
    ),
  ),
})

/** Sends the requests of every step, one after the other; one that fails stops none of the others. */
export async function performSetUp(
  { outgoing }: { readonly outgoing: Pick<HttpPort, 'send'> },
  steps: readonly SetUpStep[],
): Promise<PlatformSetUp> {
  const done: Step[] = []
  for (const step of steps) {
    const results: Done[] = []
    for (const request of step.requests ?? []) results.push(await perform(outgoing, request))
    done.push(renderStep(step, results))
  }
  return { steps: done }
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
