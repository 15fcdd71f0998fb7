// How a workflow sees a connection: `crm.contact.findByPhone(input)` for the action
// `contact.find_by_phone`. Types only; the server makes the functions.

import type { z } from 'zod'

type Camel<S extends string> = S extends `${infer Head}_${infer Tail}`
  ? `${Head}${Capitalize<Camel<Tail>>}`
  : S

type NounOf<Name> = Name extends `${infer Noun}.${string}` ? Noun : never

interface AnyAction {
  readonly input: z.ZodType
  readonly output: z.ZodType
}

type Call<A> = A extends AnyAction
  ? (input: z.input<A['input']>) => Promise<z.output<A['output']>>
  : never

/** The functions of one connection, by noun and verb in camel case. */
export type Handle<Actions> = {
  readonly [Noun in NounOf<keyof Actions>]: {
    readonly [
      Name in keyof Actions as Name extends `${Noun}.${infer Verb}` ? Camel<Verb> : never
    ]: Call<Actions[Name]>
  }
}

/** `contact.find_by_phone` as `['contact', 'findByPhone']`. */
export function handlePath(action: string): readonly [noun: string, verb: string] {
  const [noun = '', verb = ''] = action.split('.')
  return [noun, verb.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase())]
}
