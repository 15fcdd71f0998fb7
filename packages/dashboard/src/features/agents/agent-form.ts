// An agent as it is edited, and the change that an edit amounts to.
//
//   agent ─▶ form (all text) ─▶ parsed, or an error beside its field ─▶ only what changed is sent

import type { Agent, AgentUpdate, JsonObject } from '@bookend/contract'

export type TokenEdit = { kind: 'keep' } | { kind: 'replace'; value: string } | { kind: 'remove' }

export interface AgentForm {
  name: string
  prompt: string
  firstMessage: string
  defaults: string
  target: string
  isEnabled: boolean
  timeoutSeconds: string
  token: TokenEdit
}

/** By the wire's field names, which is how the server names them too. */
export type FieldErrors = ReadonlyMap<string, string>

export const EMPTY_FORM: AgentForm = {
  name: '',
  prompt: '',
  firstMessage: '',
  defaults: '{}',
  target: '',
  isEnabled: false,
  timeoutSeconds: '5',
  token: { kind: 'keep' },
}

export const editAgent = (agent: Agent): AgentForm => ({
  name: agent.name,
  prompt: agent.prompt,
  firstMessage: agent.first_message ?? '',
  defaults: JSON.stringify(agent.default_parameters, null, 2),
  target: agent.pre_call_webhook_url ?? '',
  isEnabled: agent.pre_call_webhook_enabled,
  timeoutSeconds: String(agent.pre_call_webhook_timeout),
  token: { kind: 'keep' },
})

const TIMEOUT_MIN_SECONDS = 0.1
const TIMEOUT_MAX_SECONDS = 30

/** The fields that the form edits, as the wire has them. */
export interface EditedFields {
  name: string
  prompt: string
  first_message: string | null
  default_parameters: JsonObject
  pre_call_webhook_url: string | null
  pre_call_webhook_enabled: boolean
  pre_call_webhook_timeout: number
  /** Absent: the stored token stays. */
  pre_call_webhook_auth_token?: string | null
}

export type ParsedForm = { ok: true; fields: EditedFields } | { ok: false; errors: FieldErrors }

export function parseForm(form: AgentForm): ParsedForm {
  const errors = new Map<string, string>()
  const name = form.name.trim()
  if (name === '') errors.set('name', 'An agent needs a name.')
  const defaults = parseDefaults(form.defaults)
  if (typeof defaults === 'string') errors.set('default_parameters', defaults)
  const timeout = Number(form.timeoutSeconds)
  if (!(timeout >= TIMEOUT_MIN_SECONDS && timeout <= TIMEOUT_MAX_SECONDS)) {
    errors.set('pre_call_webhook_timeout', 'Between 0.1 and 30 seconds.')
  }
  const { token } = form
  if (token.kind === 'replace' && token.value.trim() === '') {
    errors.set('pre_call_webhook_auth_token', 'Enter the new token, or keep the old one.')
  }
  if (errors.size > 0 || typeof defaults === 'string') return { ok: false, errors }
  return {
    ok: true,
    fields: {
      name,
      prompt: form.prompt,
      first_message: form.firstMessage === '' ? null : form.firstMessage,
      default_parameters: defaults,
      pre_call_webhook_url: form.target.trim() === '' ? null : form.target.trim(),
      pre_call_webhook_enabled: form.isEnabled,
      pre_call_webhook_timeout: timeout,
      ...(token.kind === 'replace' && { pre_call_webhook_auth_token: token.value.trim() }),
      ...(token.kind === 'remove' && { pre_call_webhook_auth_token: null }),
    },
  }
}

/** A string says what is wrong. */
function parseDefaults(text: string): JsonObject | string {
  try {
    const value: unknown = JSON.parse(text.trim() === '' ? '{}' : text)
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value)
    return isObject ? (value as JsonObject) : 'Must be a JSON object, such as {"plan": "unknown"}.'
  } catch (error) {
    return `Not valid JSON: ${error instanceof Error ? error.message : String(error)}`
  }
}

/** What differs from the agent that was edited. */
export function findChanges(agent: Agent, fields: EditedFields): AgentUpdate {
  const changed = Object.entries(fields).filter(
    ([field, value]) =>
      field === 'pre_call_webhook_auth_token' ||
      JSON.stringify(value) !== JSON.stringify(agent[field as keyof Agent]),
  )
  return Object.fromEntries(changed)
}
