// A call in writing: what is typed is what the caller says, and the agent's words come as it speaks.
//
//   answered ─▶ parameters, first words ─▶ line typed ─▶ answer, streamed ─▶ … ─▶ end ─▶ where to look
//
// H1. However it ends here, the call ends: at the end of the input, by a signal, or by the agent.

import type { Agent, InboundAnswer, JsonObject, TalkEvent } from '@bookend/contract'
import type { Client } from '@bookend/sdk/client'
import { renderAnswer } from '../render/answer.ts'
import type { Io } from '../terminal/io.ts'
import { printable } from '../terminal/text.ts'

export interface TalkOptions {
  readonly client: Pick<Client, 'call' | 'say'>
  /** Of the server, for where to look. */
  readonly url: string
  readonly agent: Agent
  readonly from: string
  readonly params: JsonObject
}

/** 1 when an answer broke off. */
export async function holdTalk(options: TalkOptions, io: Io, signal: AbortSignal): Promise<number> {
  const { client, agent, from, params, url } = options
  const answer = await client.call('talkToAgent', {
    params: { id: agent.id },
    body: { from_number: from, params },
  })
  for (const line of renderAnswer({ ...answer, missing: answer.pre_call.missing }, io)) {
    io.print(line)
  }
  io.print('')
  const code = canSpeak(answer) ? await converse(options, answer, io, signal) : 0
  for (const line of wordsOf(answer)) io.print(line)
  io.print('')
  io.print(`See it: ${io.style.underline(`${url}/calls/${answer.call.uuid}`)}`)
  return code
}

const canSpeak = ({ outcome: { type } }: InboundAnswer): boolean =>
  type === 'continue' || type === 'route'

/** How a call ends that has no conversation. */
function wordsOf({ outcome }: InboundAnswer): readonly string[] {
  switch (outcome.type) {
    case 'say':
      return [`agent  ${printable(outcome.text)}`, 'The call is over.']
    case 'transfer':
      return [`The call is given to ${printable(outcome.to_number)}.`]
    case 'reject':
      return ['The call is not answered.']
    case 'continue':
    case 'route':
      return []
  }
}

async function converse(
  options: TalkOptions,
  { call, agent }: InboundAnswer,
  io: Io,
  signal: AbortSignal,
): Promise<number> {
  const say = (text: string) => hear(options.client.say({ callId: call.uuid, text, signal }), io)
  const { first_message: greeting } = agent
  io.print(io.style.dim('Type what the caller says; Ctrl-D hangs up.'))
  let heard: Heard = 'answered'
  if (call.agent_speaks_first) {
    if (greeting === null || greeting === '') heard = await say('')
    else io.print(`${io.style.bold('agent')}  ${printable(greeting)}`)
  }
  try {
    for await (const line of io.readLines?.(signal) ?? []) {
      if (heard === 'ended') break
      if (line.trim() === '') continue
      heard = await say(line)
      if (heard !== 'answered') break
    }
  } catch (error) {
    if (!signal.aborted) throw error
  }
  if (heard !== 'ended') await hangUp(options, call.uuid)
  return heard === 'broke_off' ? 1 : 0
}

type Heard = 'answered' | 'ended' | 'broke_off'

async function hear(events: AsyncIterable<TalkEvent>, io: Io): Promise<Heard> {
  let isSpeaking = false
  let hasEnded = false
  const endLine = (): void => {
    if (isSpeaking) io.write?.('\n')
    isSpeaking = false
  }
  for await (const { event, data } of events) {
    switch (event) {
      case 'token':
        io.write?.(`${isSpeaking ? '' : `${io.style.bold('agent')}  `}${printable(data.text)}`)
        isSpeaking = true
        break
      case 'entry':
        endLine()
        if (data.role === 'tool') {
          const given = JSON.stringify(data.arguments ?? {})
          io.print(io.style.dim(`  ${printable(`${data.function_name ?? ''} ${given}`)}`))
        }
        break
      case 'ended':
        hasEnded = true
        io.print(
          data.kind === 'transfer'
            ? `The agent gives the call to ${printable(data.target ?? '')}.`
            : 'The agent hangs up.',
        )
        break
      case 'done':
        endLine()
        return hasEnded ? 'ended' : 'answered'
    }
  }
  endLine()
  io.complain('The answer broke off.')
  return 'broke_off'
}

const hangUp = ({ client }: TalkOptions, id: string): Promise<unknown> =>
  client.call('completeCall', { params: { id }, body: { ended_reason: 'caller_hung_up' } })
