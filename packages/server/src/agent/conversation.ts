// What is said on one call, and what follows from it: pure, the same for a telephone and for a text.
//
//   caller says, presses, interrupts ─┐
//   model's words, tools, end, fault ─┼─▶ advance ─▶ next state, and what is to be done
//   a wait is over, somebody hung up ─┘
//
// V1. What the agent said is what was heard of it: an interruption cuts it there.
// V2. A part of a turn that is over changes nothing.
// V3. A caller who goes on speaking is not hung up on: a farewell is taken back.
// V4. The agent transfers to a name of the list it was given, never to a number of the model's.
// V5. A model that fails is asked once more, then excused aloud; failing again and again ends the call.

import type { JsonObject } from '@bookend/contract'
import { readToolCall, type ToolCall, type ToolRequest } from './tools.ts'

export type Message =
  | { readonly role: 'user'; readonly text: string }
  | { readonly role: 'agent'; readonly text: string; readonly calls: readonly ToolRequest[] }
  | { readonly role: 'tool'; readonly id: string; readonly name: string; readonly result: string }

export type Ending =
  | { readonly kind: 'done'; readonly reason: string }
  | { readonly kind: 'transfer'; readonly target: string; readonly reason: string }
  | { readonly kind: 'failed'; readonly reason: string }

export interface Manners {
  /** Whom a call may be given to, by name. */
  readonly targets: readonly string[]
  /** Who takes a call whose model is lost; one of `targets`, or null for nobody. */
  readonly rescue: string | null
  /** Said when the model gave no answer. */
  readonly excuse: string
}

interface Turn {
  readonly id: number
  readonly text: string
  readonly calls: readonly ToolRequest[]
  /** How often the model was asked since the caller last spoke. */
  readonly asked: number
}

export interface Conversation {
  readonly manners: Manners
  readonly messages: readonly Message[]
  /** The model is speaking. */
  readonly turn: Turn | null
  readonly turns: number
  readonly digits: string
  readonly leaving: Ending | null
  readonly failures: number
  readonly isOver: boolean
}

export type Heard =
  | { readonly kind: 'began'; readonly greeting: string | null; readonly agentFirst: boolean }
  | { readonly kind: 'said'; readonly text: string }
  /** `heard`: what of the agent's words had reached the caller. */
  | { readonly kind: 'interrupted'; readonly heard: string }
  | { readonly kind: 'pressed'; readonly digit: string }
  | { readonly kind: 'digits_over' }
  | { readonly kind: 'text'; readonly turn: number; readonly text: string }
  | { readonly kind: 'call'; readonly turn: number; readonly call: ToolRequest }
  | { readonly kind: 'finished'; readonly turn: number }
  | { readonly kind: 'failed'; readonly turn: number }
  | { readonly kind: 'left' }
  | { readonly kind: 'hung_up' }

/** One line of the transcript. */
export interface Entry {
  readonly role: 'agent' | 'user' | 'tool'
  readonly text: string
  readonly functionName: string | null
  readonly arguments: JsonObject | null
}

export type Effect =
  | { readonly kind: 'ask'; readonly turn: number; readonly messages: readonly Message[] }
  | { readonly kind: 'stop' }
  | { readonly kind: 'speak'; readonly text: string; readonly last: boolean }
  | { readonly kind: 'press'; readonly digits: string }
  | { readonly kind: 'record'; readonly entry: Entry }
  /** The last thing that the agent said was heard only so far. */
  | { readonly kind: 'amend'; readonly text: string }
  | { readonly kind: 'await_digits' }
  /** Once what was said has been spoken. */
  | { readonly kind: 'leave'; readonly spoken: string }
  | { readonly kind: 'end'; readonly ending: Ending }

export interface Advanced {
  readonly state: Conversation
  readonly effects: readonly Effect[]
}

const ASKED_MAX = 4
const FAILURES_MAX = 3
const MESSAGES_MAX = 200
const SAID_MAX = 20_000
const DIGITS_MAX = 64

export const newConversation = (
  manners: Manners,
  messages: readonly Message[] = [],
): Conversation => ({
  manners,
  messages,
  turn: null,
  turns: 0,
  digits: '',
  leaving: null,
  failures: 0,
  isOver: false,
})

export function advance(state: Conversation, heard: Heard): Advanced {
  if (state.isOver) return unchanged(state)
  switch (heard.kind) {
    case 'began':
      return begin(state, heard)
    case 'said': {
      const text = heard.text.trim().slice(0, SAID_MAX)
      return text === '' ? unchanged(state) : answer(state, text)
    }
    case 'interrupted':
      return interrupt(state, heard.heard)
    case 'pressed':
      return press(state, heard.digit)
    case 'digits_over':
      return state.digits === '' ? unchanged(state) : answer(state, `[dtmf ${state.digits}]`)
    case 'left':
      return state.leaving === null ? unchanged(state) : end(state, state.leaving)
    case 'hung_up':
      return hangUp(state)
    case 'text':
    case 'call':
    case 'finished':
    case 'failed':
      return state.turn?.id === heard.turn ? hearModel(state, state.turn, heard) : unchanged(state)
  }
}

const unchanged = (state: Conversation): Advanced => ({ state, effects: [] })

function begin(state: Conversation, heard: Heard & { kind: 'began' }): Advanced {
  const { greeting, agentFirst } = heard
  if (!agentFirst) return unchanged(state)
  if (greeting === null || greeting === '') return ask(state, 1)
  const said = say(state, greeting)
  return { ...said, effects: [{ kind: 'speak', text: greeting, last: true }, ...said.effects] }
}

/** The caller spoke: whatever the agent was at is over, and the model is asked. */
function answer(state: Conversation, text: string): Advanced {
  const cut = cutTurn(state, state.turn?.text ?? '')
  const heard: Conversation = {
    ...cut.state,
    digits: '',
    leaving: null,
    messages: [...cut.state.messages, { role: 'user', text }],
  }
  const asked = ask(heard, 1)
  const entry = { role: 'user', text, functionName: null, arguments: null } as const
  return {
    state: asked.state,
    effects: [...cut.effects, { kind: 'record', entry }, ...asked.effects],
  }
}

function interrupt(state: Conversation, heard: string): Advanced {
  const stays = { ...state, leaving: null }
  if (state.turn !== null) return cutTurn(stays, heard)
  const at = state.messages.findLastIndex(({ role }) => role === 'agent')
  const last = state.messages[at]
  if (last?.role !== 'agent' || last.text === heard) return unchanged(stays)
  const messages = state.messages.with(at, { ...last, text: heard })
  return { state: { ...stays, messages }, effects: [{ kind: 'amend', text: heard }] }
}

/** Ends the agent's turn with what was heard of it (V1). */
function cutTurn(state: Conversation, heard: string): Advanced {
  if (state.turn === null) return unchanged(state)
  const cut = { ...state, turn: null }
  const said = heard === '' ? unchanged(cut) : say(cut, heard)
  const effects: Effect[] = [{ kind: 'stop' }, ...lastWord(state.turn), ...said.effects]
  return { state: said.state, effects }
}

function press(state: Conversation, digit: string): Advanced {
  if (!/^[0-9*#A-D]$/.test(digit)) return unchanged(state)
  const digits = (state.digits + digit).slice(-DIGITS_MAX)
  // A hash ends a number, as it does on every telephone.
  if (digit === '#') return answer(state, `[dtmf ${digits}]`)
  return { state: { ...state, digits }, effects: [{ kind: 'await_digits' }] }
}

function hearModel(
  state: Conversation,
  turn: Turn,
  heard: Extract<Heard, { turn: number }>,
): Advanced {
  switch (heard.kind) {
    case 'text': {
      if (heard.text === '') return unchanged(state)
      const effects = [{ kind: 'speak', text: heard.text, last: false }] as const
      return { state: { ...state, turn: { ...turn, text: turn.text + heard.text } }, effects }
    }
    case 'call':
      return unchanged({ ...state, turn: { ...turn, calls: [...turn.calls, heard.call] } })
    case 'finished':
      // A model that says nothing and does nothing has failed.
      if (turn.text.trim() === '' && turn.calls.length === 0) return fail(state, turn)
      return finish(state, turn)
    case 'failed':
      return fail(state, turn)
  }
}

function finish(state: Conversation, turn: Turn): Advanced {
  const ended = { ...state, turn: null, failures: 0 }
  const said = say(ended, turn.text, turn.calls)
  const effects: Effect[] = [...lastWord(turn), ...said.effects]
  let after = said.state
  let goesOn = false
  for (const request of turn.calls) {
    const call = readToolCall(request, state.manners)
    const result = call.kind === 'invalid' ? call.detail : 'done'
    effects.push(recordCall(request, result))
    const { id, name } = request
    after = { ...after, messages: [...after.messages, { role: 'tool', id, name, result }] }
    if (call.kind === 'press') effects.push({ kind: 'press', digits: call.digits })
    const ending = endingOf(call)
    if (ending !== null) after = { ...after, leaving: ending }
    else goesOn = true
  }
  if (after.leaving !== null) {
    return { state: after, effects: [...effects, { kind: 'leave', spoken: turn.text }] }
  }
  // What a tool answered is for the model, and a model that only calls tools is not asked for ever.
  if (!goesOn) return { state: after, effects }
  if (turn.asked >= ASKED_MAX) return excuse(after, effects)
  const asked = ask(after, turn.asked + 1)
  return { state: asked.state, effects: [...effects, ...asked.effects] }
}

const endingOf = (call: ToolCall): Ending | null => {
  switch (call.kind) {
    case 'end':
      return { kind: 'done', reason: call.reason }
    case 'transfer':
      return { kind: 'transfer', target: call.target, reason: call.reason }
    case 'press':
    case 'invalid':
      return null
  }
}

/** Nothing was said yet: once more (V5). Else the caller is told, and asked to go on. */
function fail(state: Conversation, turn: Turn): Advanced {
  const failed = { ...state, turn: null, failures: state.failures + 1 }
  if (turn.text === '' && failed.failures === 1) return ask(failed, turn.asked + 1)
  const said = turn.text === '' ? unchanged(failed) : say(failed, turn.text)
  return excuse(said.state, [...(turn.text === '' ? [] : lastWord(turn)), ...said.effects])
}

function excuse(state: Conversation, before: readonly Effect[]): Advanced {
  const { excuse: text, rescue } = state.manners
  const said = say(state, text)
  const effects: Effect[] = [...before, { kind: 'speak', text, last: true }, ...said.effects]
  if (state.failures < FAILURES_MAX) return { state: said.state, effects }
  const reason = 'model_unavailable'
  const leaving: Ending =
    rescue === null ? { kind: 'failed', reason } : { kind: 'transfer', target: rescue, reason }
  return {
    state: { ...said.state, leaving },
    effects: [...effects, { kind: 'leave', spoken: text }],
  }
}

function hangUp(state: Conversation): Advanced {
  const cut = cutTurn(state, state.turn?.text ?? '')
  return { state: { ...cut.state, isOver: true, leaving: null }, effects: cut.effects }
}

const end = (state: Conversation, ending: Ending): Advanced => ({
  state: { ...state, isOver: true },
  effects: [{ kind: 'end', ending }],
})

function ask(state: Conversation, asked: number): Advanced {
  const id = state.turns + 1
  const messages = bound(state.messages)
  const turn = { id, text: '', calls: [], asked }
  return {
    state: { ...state, messages, turn, turns: id },
    effects: [{ kind: 'ask', turn: id, messages }],
  }
}

/** The newest, from a caller's words on: a tool's answer is nothing without its question. */
function bound(messages: readonly Message[]): readonly Message[] {
  if (messages.length <= MESSAGES_MAX) return messages
  const recent = messages.slice(-MESSAGES_MAX)
  const from = recent.findIndex(({ role }) => role === 'user')
  return from < 0 ? [] : recent.slice(from)
}

function say(state: Conversation, text: string, calls: readonly ToolRequest[] = []): Advanced {
  const messages: Message[] = [...state.messages, { role: 'agent', text, calls }]
  const entry = { role: 'agent', text, functionName: null, arguments: null } as const
  const effects: Effect[] = text.trim() === '' ? [] : [{ kind: 'record', entry }]
  return { state: { ...state, messages }, effects }
}

const lastWord = ({ text }: Turn): readonly Effect[] =>
  text === '' ? [] : [{ kind: 'speak', text: '', last: true }]

const recordCall = ({ name, input }: ToolRequest, result: string): Effect => ({
  kind: 'record',
  entry: { role: 'tool', text: result, functionName: name, arguments: input },
})
