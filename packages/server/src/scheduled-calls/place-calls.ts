// Places calls when they are due.
//
//   due ─▶ claimed ─▶ still allowed? in hours? not too often? ─▶ dialler ─▶ placed
//                            │ no                                  │ retry ─▶ due again
//                            ▼                                     ▼
//                        blocked, or due later               failed ─▶ `call.scheduled_failed`
//
// D1. A claim ends after a minute. What a crash left open is dialled again only by a platform that
//     knows the call again; otherwise it is failed as `maybe_placed`.
// D2. Every record names its claim, so one that comes late changes nothing (F30).
// D3. Hours, rules and buckets are asked at the moment of dialling, whatever was true before.

import type { ScheduledCallStatus } from '@bookend/contract'
import type { Clock, Dialled, Dialler } from '@bookend/core'
import { checkDialTarget, describeError, nextOpen } from '@bookend/core'
import type { Changes } from '../changes/changes.ts'
import type { Engine } from '../engine/engine.ts'
import { acceptEvent, announce } from '../events/accept-event.ts'
import type { Log } from '../log.ts'
import type { Database } from '../store/database.ts'
import { findCall } from '../store/postgres/calls.ts'
import type { CallRules } from './call-rules.ts'
import { claimDueCalls, type ClaimedCall, settleCall } from './due-calls.ts'
import { failedEvent } from './failed-event.ts'
import { takeTokens } from './take-tokens.ts'

export interface PlaceCallsOptions {
  readonly database: Database
  readonly engine: Pick<Engine, 'enqueue'>
  readonly changes: Pick<Changes, 'publish'>
  readonly clock: Clock
  readonly log: Log
  readonly calls: CallRules
  /** The platform that places calls; null: none is connected that can. */
  readonly dialler: (workspaceId: string) => Dialler | null
}

export interface PlaceCalls {
  /** Places what is due now; answers how many calls were looked at. */
  look(): Promise<number>
  close(): Promise<void>
}

const LOOK_EVERY_MS = 1_000
const DIAL_MS = 30_000
const ATTEMPTS_MAX = 5
const RETRY_MS = 60_000

type Verdict =
  | { readonly to: 'placed'; readonly callId: string }
  | {
      readonly to: 'later'
      readonly waitMs: number
      readonly code: string
      readonly detail?: string
    }
  | {
      readonly to: 'over'
      readonly status: 'blocked' | 'failed'
      readonly code: string
      readonly detail?: string | null
    }

export function startPlacingCalls(options: PlaceCallsOptions): PlaceCalls {
  const { database, clock, log } = options
  const stop = new AbortController()
  let cancel: () => void = () => undefined
  let looking: Promise<number> = Promise.resolve(0)

  async function look(): Promise<number> {
    const due = await claimDueCalls(database)
    await Promise.all(due.map((call) => place(options, call, stop.signal)))
    return due.length
  }

  function lookLater(): void {
    if (stop.signal.aborted) return
    cancel = clock.setTimer(LOOK_EVERY_MS, () => {
      looking = look()
        .catch((err: unknown) => {
          log.warn({ err }, 'scheduled calls could not be placed')
          return 0
        })
        .finally(lookLater)
    })
  }

  lookLater()
  return {
    look,
    async close() {
      stop.abort()
      cancel()
      await looking
    },
  }
}

async function place(
  options: PlaceCallsOptions,
  call: ClaimedCall,
  stop: AbortSignal,
): Promise<void> {
  const verdict = await judge(options, call, stop)
  switch (verdict.to) {
    case 'placed':
      await settleCall(options.database.pool, call, {
        status: 'placed',
        placedCallId: verdict.callId,
      })
      return
    case 'later': {
      const { waitMs, code, detail = null } = verdict
      await settleCall(options.database.pool, call, { status: 'scheduled', waitMs, code, detail })
      return
    }
    case 'over':
      await giveUp(options, call, verdict)
  }
}

async function judge(
  { database, clock, calls, dialler }: PlaceCallsOptions,
  call: ClaimedCall,
  stop: AbortSignal,
): Promise<Verdict> {
  const { workspaceId, to, workflow, calendar } = call
  const platform = dialler(workspaceId)
  if (call.wasDialling && platform?.knowsKeys !== true) return over('failed', 'maybe_placed')
  if (platform === null) return over('blocked', 'no_dialling_platform')
  const allowed = checkDialTarget(to, calls.dialRule)
  if (!allowed.ok) return over('blocked', allowed.reason)
  const now = clock.now()
  const open = calendar === null ? now : nextOpen(calls.calendars, calendar, now)
  if (open === null) return over('blocked', 'unknown_calendar')
  if (open === 'never') return over('blocked', 'never_open')
  const outOfHoursMs = open.getTime() - now.getTime()
  if (outOfHoursMs > 0) return { to: 'later', waitMs: outOfHoursMs, code: 'out_of_hours' }
  const refusal = await takeTokens(database, workspaceId, { to, workflow })
  if (refusal?.kind === 'number') return over('blocked', 'called_too_often')
  if (refusal?.kind === 'rate') return { to: 'later', waitMs: refusal.waitMs, code: 'rate_limited' }
  return afterDial(await dial(platform, call, clock, stop), call.attempts)
}

const over = (status: 'blocked' | 'failed', code: string, detail?: string): Verdict => ({
  to: 'over',
  status,
  code,
  ...(detail === undefined ? {} : { detail }),
})

async function dial(
  platform: Dialler,
  { workspaceId, id, to, agent, params, reason }: ClaimedCall,
  clock: Clock,
  stop: AbortSignal,
): Promise<Dialled> {
  const limit = new AbortController()
  const end = (): void => limit.abort()
  const cancel = clock.setTimer(DIAL_MS, end)
  stop.addEventListener('abort', end, { once: true })
  try {
    const request = { workspaceId, key: id, to, agent, params, reason }
    return await platform.dial(request, limit.signal)
  } catch (error) {
    return { kind: 'unknown', detail: describeError(error) }
  } finally {
    cancel()
    stop.removeEventListener('abort', end)
  }
}

function afterDial(dialled: Dialled, attempts: number): Verdict {
  switch (dialled.kind) {
    case 'placed':
      return { to: 'placed', callId: dialled.callId }
    case 'refused':
      return over('failed', 'refused', dialled.detail)
    case 'unknown':
      return over('failed', 'maybe_placed', dialled.detail)
    case 'retry': {
      const { afterMs = RETRY_MS * attempts, detail } = dialled
      if (attempts >= ATTEMPTS_MAX) return over('failed', 'gave_up', detail)
      return { to: 'later', waitMs: afterMs, code: 'retry', detail }
    }
  }
}

async function giveUp(
  { database, engine, changes, clock }: PlaceCallsOptions,
  call: ClaimedCall,
  { status, code, detail = null }: Extract<Verdict, { to: 'over' }>,
): Promise<void> {
  const accepted = await database.transaction(async (client) => {
    const settled: ScheduledCallStatus = status
    const isOurs = await settleCall(client, call, { status: settled, code, detail })
    if (!isOurs) return null
    const { workspaceId, callId } = call
    const about = callId === null ? null : await findCall(client, workspaceId, callId)
    return await acceptEvent(
      client,
      engine,
      failedEvent({ ...call, status, code }),
      about,
      clock.now(),
    )
  })
  if (accepted !== null) announce(changes, accepted)
}
