// Bookend as the agent: one language model, heard on the telephone and in writing, and the calls that
// are placed for it.

import type { DialRule } from '@bookend/core'
import type { FastifyInstance } from 'fastify'
import type { Context } from '../context.ts'
import { createCallReports } from '../events/call-reports.ts'
import { findYoung } from '../http/find-young.ts'
import { createStreamFetch } from '../outgoing/stream-fetch.ts'
import type { OwnAddress } from '../outgoing/address-rule.ts'
import { placeCall, type PlaceCallParts } from '../outbound/place-call.ts'
import { openRelayDoor, type RelayDoor } from '../platforms/relay/relay-door.ts'
import { PreparedCalls } from '../platforms/relay/prepared-calls.ts'
import type { TakeDelivery } from '../platforms/take-delivery.ts'
import type { Told } from '../precall/tell-agent.ts'
import { findCall } from '../store/postgres/calls.ts'
import { createAiSdkModel } from './ai-sdk-model.ts'
import { mannersOf } from './manners.ts'
import { beginTalk } from './text-talk/begin-talk.ts'
import { createTextTalk, type TextTalk } from './text-talk/text-talk.ts'

export interface Agent {
  readonly talk: TextTalk
  readonly begin: (talk: Parameters<typeof beginTalk>[1]) => ReturnType<typeof beginTalk>
  readonly placing: PlaceCallParts
  readonly place: (wanted: Parameters<typeof placeCall>[1]) => ReturnType<typeof placeCall>
  readonly dialRule: DialRule
  readonly prepare: (runId: string, told: Told) => void
  /** Opens the sockets of calls. */
  serve(server: FastifyInstance['server'], takeDelivery: TakeDelivery): RelayDoor
  close(): Promise<void>
}

interface Options {
  readonly ownAddresses: readonly OwnAddress[]
  readonly dialRule: DialRule
}

export function openAgent(
  context: Omit<Context, 'agent'>,
  { ownAddresses, dialRule }: Options,
): Agent {
  const { config, clock, log, changes, reads, snapshot, recorder, answerParts, repeats } = context
  const { live, doors, publicUrl } = context.platforms
  const { allowPrivateTargets } = config
  const streams = createStreamFetch({ allowPrivateTargets, ownAddresses })
  const model = config.model === null ? null : createAiSdkModel(config.model, streams.fetch)
  const report = createCallReports(context)
  const recorded = (callId: string) => recorder.recorded(callId)
  const read = (workspaceId: string, callId: string) => findCall(reads, workspaceId, callId)
  const prepared = new PreparedCalls<Told>(clock)
  const talk = createTextTalk({
    model,
    clock,
    log,
    changes,
    report,
    findCall: (workspaceId, id) => findYoung(context, id, () => read(workspaceId, id)),
    manners: (workspaceId) => mannersOf(live, workspaceId),
    onEnded: ({ from_number: from, to_number: to }, workspaceId) =>
      repeats.callEnded(workspaceId, from, to),
  })
  let take: TakeDelivery = () => Promise.reject(new Error('platforms are not served yet'))
  const placing: PlaceCallParts = {
    answerParts,
    live,
    database: context.database,
    outgoing: context.outgoing,
    clock,
    publicUrl,
    recorded,
    takeDelivery: (delivery) => take(delivery),
  }
  return {
    talk,
    begin(wanted) {
      model?.warm()
      return beginTalk({ answerParts, report, recorded, changes }, wanted)
    },
    placing,
    place(wanted) {
      model?.warm()
      return placeCall(placing, wanted)
    },
    dialRule,
    prepare(runId, told) {
      model?.warm()
      prepared.keep(runId, told)
    },
    serve(server, takeDelivery) {
      take = takeDelivery
      const parts = { model, live, doors, takeDelivery, clock, log, snapshot, prepared }
      return openRelayDoor(server, { ...parts, findCall: read })
    },
    async close() {
      talk.close()
      await streams.close()
    },
  }
}
