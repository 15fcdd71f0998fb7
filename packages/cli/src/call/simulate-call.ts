// A made-up call through the real door, told as it happens.
//
//   answer ─▶ waterfall, parameters ─▶ conversation ─▶ call ends ─▶ journeys, deliveries ─▶ where to look
//
// S1. With `json`, one document comes out at the end and nothing else.
// S2. Called off, it still says where the call can be seen.

import type { InboundAnswer, JsonObject, Trace } from '@bookend/contract'
import type { Connection } from '../connection.ts'
import { renderAnswer } from '../render/answer.ts'
import { renderNews } from '../render/news.ts'
import { renderWaterfall } from '../render/waterfall.ts'
import type { Io } from '../terminal/io.ts'
import { padEnd, printable, wrap } from '../terminal/text.ts'
import type { Conversation } from './conversation.ts'
import { awaitPreCall, followTrace, type Followed } from './follow-trace.ts'
import { talk } from './talk.ts'

export interface SimulateOptions {
  readonly from: string
  readonly to: string
  readonly params: JsonObject
  /** Null: the call is only answered. */
  readonly conversation: Conversation | null
  readonly timeoutMs: number
  readonly json: boolean
}

const RECORDED_WITHIN_MS = 5_000
const ROLE_COLUMNS = 6

/** Whether everything went well: 1 when a journey failed or a delivery was given up, else 0. */
export async function simulateCall(
  options: SimulateOptions,
  { client, url }: Connection,
  io: Io,
  signal: AbortSignal,
): Promise<number> {
  const print = options.json ? () => undefined : (line: string) => io.print(line)
  const { from, to, params } = options
  print(`Calling ${printable(to)} from ${printable(from)}`)
  const answer = await client.call('inboundCall', {
    body: { from_number: from, to_number: to, params },
  })
  const watch = { client, callId: answer.call.uuid, signal }

  const hasRun = answer.pre_call.run_id !== null
  const recorded = hasRun ? await awaitPreCall({ ...watch, timeoutMs: RECORDED_WITHIN_MS }) : null
  for (const line of renderPreCall(answer, recorded, io)) print(line)

  const { conversation } = options
  let followed: Followed | null = null
  if (conversation !== null && !signal.aborted) {
    followed = await playAndFollow({ ...options, conversation }, answer, watch, io, print)
  }
  const trace = followed?.trace ?? recorded
  if (options.json) {
    const settled = followed?.settled ?? null
    const call_url = `${url}/calls/${answer.call.uuid}`
    io.print(JSON.stringify({ answer, trace, settled, call_url }, null, 2))
  } else {
    for (const line of renderEnd(followed, options.timeoutMs, signal.aborted)) print(line)
    print(`See it: ${io.style.underline(`${url}/calls/${answer.call.uuid}`)}`)
  }
  return trace !== null && hasFailed(trace) ? 1 : 0
}

function renderPreCall(answer: InboundAnswer, recorded: Trace | null, io: Io): string[] {
  const run = recorded?.pre_call ?? null
  const { duration_ms: ms, run_id: runId, missing } = answer.pre_call
  const told = runId === null ? 'No pre-call workflow ran' : 'The run is not recorded yet'
  const picture =
    run === null ? [`${told}; answered in ${Math.round(ms)} ms.`] : renderWaterfall(run, io)
  return ['', ...picture, '', ...renderAnswer({ ...answer, missing }, io)]
}

async function playAndFollow(
  options: SimulateOptions & { conversation: Conversation },
  answer: InboundAnswer,
  watch: { client: Connection['client']; callId: string; signal: AbortSignal },
  io: Io,
  print: (line: string) => void,
): Promise<Followed | null> {
  const { conversation, timeoutMs } = options
  print('')
  print(io.style.bold(`Conversation · ${printable(conversation.title)}`))
  const onLine = (role: string, text: string): void => {
    const lines = wrap(printable(text), Math.max(io.columns - ROLE_COLUMNS - 4, 20))
    for (const [index, line] of lines.entries()) {
      print(`  ${io.style.dim(padEnd(index === 0 ? role : '', ROLE_COLUMNS))}  ${line}`)
    }
  }
  try {
    const hasEnded = await talk({ ...watch, answer, conversation, onLine })
    print(io.style.dim(hasEnded ? '  the call has ended' : '  nobody answers this call'))
  } catch (error) {
    if (watch.signal.aborted) return null
    throw error
  }
  print('')
  print(io.style.bold('After the call'))
  return followTrace({ ...watch, timeoutMs }, (news) => {
    for (const line of renderNews(news, io)) print(line)
  })
}

function renderEnd(followed: Followed | null, timeoutMs: number, isCalledOff: boolean): string[] {
  if (followed === null) return ['']
  const { journeys } = followed.trace
  if (followed.settled) return journeys.length === 0 ? ['  no journey began', ''] : ['']
  const since = isCalledOff ? 'no longer watched' : `still going after ${timeoutMs / 1_000} s`
  return [`  ${since}; the work goes on without this command`, '']
}

const hasFailed = ({ journeys, deliveries }: Trace): boolean =>
  journeys.some(({ status }) => status === 'failed') ||
  deliveries.some(({ status }) => status === 'dead')
