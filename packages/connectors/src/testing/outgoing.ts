import type { HttpPort } from '@bookend/core'

export interface TestOutgoing extends HttpPort {
  close(): Promise<void>
}

interface OutgoingModule {
  readonly createOutgoingClient: (options: {
    readonly allowPrivateTargets: boolean
  }) => TestOutgoing
}

/**
 * The product's own client, loopback allowed: what is said of sent and unsent is said by what runs
 * in production. It belongs to the server, on which this package does not depend.
 */
export async function openOutgoing(): Promise<TestOutgoing> {
  const path = new URL('../../../server/src/outgoing/client.ts', import.meta.url).href
  const { createOutgoingClient } = (await import(/* @vite-ignore */ path)) as OutgoingModule
  return createOutgoingClient({ allowPrivateTargets: true })
}
