import type { Hydrated, RawAnswer } from '../adapter.ts'
import { isFields, type Fields } from '../read/fields.ts'
import { parseJsonBody } from '../read/json.ts'

/**
 * What a platform's API answered. A key that it does not take is a mistake of set-up; a call that it
 * does not know yet, or an answer that is none, is a reason to ask again.
 */
export function readAnswer(
  { status, body }: RawAnswer,
  read: (record: Fields) => Hydrated,
): Hydrated {
  if (status === 401 || status === 403) {
    return { kind: 'refused', reason: `the platform answered ${String(status)}: check the API key` }
  }
  if (status < 200 || status > 299) return notYet(`the platform answered ${String(status)}`)
  const record = parseJsonBody(body)
  return isFields(record) ? read(record) : notYet('the platform answered no record')
}

const notYet = (reason: string): Hydrated => ({ kind: 'not_yet', reason })

export const notEnded = (): Hydrated => notYet('the call has not ended there')
