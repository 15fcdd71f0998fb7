// A call in writing from this page: begun, spoken on, hung up. Leaving the page hangs up too.

import type { InboundAnswer } from '@bookend/contract'
import { useMutation } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import { useApi } from '../../api/api.tsx'
import { findFailure } from '../../api/failure.ts'
import { ask, begin, hear, settle, type Conversation } from './conversation.ts'

export interface Talk {
  answer: InboundAnswer
  conversation: Conversation
}

export function useTalk(agentId: string) {
  const api = useApi()
  const [talk, setTalk] = useState<Talk | null>(null)
  const open = useRef<{ id: string; stop: AbortController } | null>(null)

  const change = (step: (before: Conversation) => Conversation): void =>
    setTalk((before) => before && { ...before, conversation: step(before.conversation) })

  function hangUp(): void {
    const call = open.current
    if (call === null) return
    open.current = null
    call.stop.abort()
    const body = { ended_reason: 'caller_hung_up' }
    // What could not be told ends as every call does of which nothing more is heard.
    api.call('completeCall', { params: { id: call.id }, body }).catch(() => undefined)
  }
  const leave = useRef(hangUp)
  useEffect(() => () => leave.current(), [])

  const call = useMutation({
    mutationFn: async (from: string) => {
      const params = { id: agentId }
      return await api.call('talkToAgent', { params, body: { from_number: from } })
    },
    onSuccess: (answer) => {
      const { call: made, agent, outcome } = answer
      const goesOn = outcome.type === 'continue' || outcome.type === 'route'
      const speaksFirst = goesOn && made.agent_speaks_first
      const greeting = speaksFirst ? agent.first_message : null
      setTalk({ answer, conversation: begin(greeting) })
      if (!goesOn) return
      open.current = { id: made.uuid, stop: new AbortController() }
      if (speaksFirst && (greeting === null || greeting === '')) void say('')
    },
  })

  /** What was being said is interrupted by it. */
  async function say(text: string): Promise<void> {
    const { current } = open
    if (current === null) return
    current.stop.abort()
    const stop = new AbortController()
    open.current = { id: current.id, stop }
    change(ask)
    try {
      for await (const event of api.say({ callId: current.id, text, signal: stop.signal })) {
        if (stop.signal.aborted) return
        if (event.event === 'ended') open.current = null
        change((before) => hear(before, event))
      }
      if (!stop.signal.aborted) change((before) => settle(before))
    } catch (error) {
      const fault = error instanceof Error ? findFailure(error).detail : null
      if (!stop.signal.aborted) change((before) => settle(before, fault))
    }
  }

  return {
    talk,
    call,
    say,
    hangUp: () => {
      hangUp()
      change((before) => ({ ...before, growing: null, isAnswering: false, ended: 'You hung up.' }))
    },
  }
}
