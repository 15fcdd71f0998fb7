import type { Outcome, Run } from '@bookend/contract'

/** `continue, 7 parameters` */
export function renderOutcome({ outcome, parameters }: Run): string {
  const count =
    typeof parameters === 'object' && parameters !== null ? Object.keys(parameters).length : 0
  return `${outcome?.type ?? 'continue'}, ${count} ${count === 1 ? 'parameter' : 'parameters'}`
}

/** What the workflow decided about the call, as a sentence; null where it simply went on. */
export function explainOutcome(outcome: Outcome): string | null {
  switch (outcome.type) {
    case 'continue':
      return null
    case 'route':
      return 'The workflow handed this call to another agent.'
    case 'transfer':
      return `The workflow transferred this call to ${outcome.to_number}${outcome.message === undefined ? '.' : `, saying “${outcome.message}”.`}`
    case 'reject':
      return `The workflow rejected this call${outcome.reason === undefined ? '.' : `: ${outcome.reason}.`}`
    case 'say':
      return `The workflow had this said, and the call ended: “${outcome.text}”.`
  }
}
