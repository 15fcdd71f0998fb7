// What an agent can do on a call beside speaking.
//
// T1. What a model asks for is read like anything from outside: what does not fit is told to the model.
// T2. A call goes to a name of the list only, so no word of a caller's can make it dial.

import type { JsonObject } from '@bookend/contract'
import { z } from 'zod'
import type { Manners } from './conversation.ts'

/** As the model asked for it. */
export interface ToolRequest {
  readonly id: string
  readonly name: string
  readonly input: JsonObject
}

export type ToolCall =
  | { readonly kind: 'end'; readonly reason: string }
  | { readonly kind: 'transfer'; readonly target: string; readonly reason: string }
  | { readonly kind: 'press'; readonly digits: string }
  | { readonly kind: 'invalid'; readonly detail: string }

export interface Tool {
  readonly name: string
  readonly description: string
  readonly schema: JsonObject
}

const reason = z.string().max(500).default('')
const End = z.object({ reason })
const Press = z.object({ digits: z.string().regex(/^[0-9*#w]{1,64}$/) })
const Transfer = z.object({ target: z.string().max(200), reason })

const reasonSchema = { type: 'string', description: 'Why, in a few words, for the record' }

/** What is offered to the model. */
export const listTools = ({ targets }: Pick<Manners, 'targets'>): readonly Tool[] => [
  {
    name: 'end_call',
    description:
      'Hang up. Say goodbye in the same answer; use it once the caller wants nothing more.',
    schema: objectOf({ reason: reasonSchema }, []),
  },
  {
    name: 'send_digits',
    description:
      'Press keys of the telephone, for a menu that asks for them; w waits half a second.',
    schema: objectOf({ digits: { type: 'string', pattern: '^[0-9*#w]{1,64}$' } }, ['digits']),
  },
  ...(targets.length === 0
    ? []
    : [
        {
          name: 'transfer_call',
          description: 'Give the call to a person. Tell the caller so in the same answer.',
          schema: objectOf(
            { target: { type: 'string', enum: [...targets] }, reason: reasonSchema },
            ['target'],
          ),
        },
      ]),
]

export function readToolCall(
  { name, input }: ToolRequest,
  { targets }: Pick<Manners, 'targets'>,
): ToolCall {
  switch (name) {
    case 'end_call': {
      const { success, data } = End.safeParse(input)
      return { kind: 'end', reason: success ? data.reason : '' }
    }
    case 'send_digits': {
      const { success, data } = Press.safeParse(input)
      return success ? { kind: 'press', ...data } : invalid('digits must be of 0-9, *, # and w')
    }
    case 'transfer_call': {
      const { success, data } = Transfer.safeParse(input)
      const isKnown = success && targets.includes(data.target)
      return isKnown
        ? { kind: 'transfer', ...data }
        : invalid(`the target must be one of: ${targets.join(', ') || 'nobody'}`)
    }
    default:
      return invalid('there is no such tool')
  }
}

const invalid = (detail: string): ToolCall => ({ kind: 'invalid', detail })

const objectOf = (properties: JsonObject, required: string[]): JsonObject => ({
  type: 'object',
  properties,
  required,
  additionalProperties: false,
})
