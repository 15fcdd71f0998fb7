import { type WorkflowKind, workflowKinds } from '@bookend/contract'

export interface EditorSearch {
  /** The selected step. */
  step?: string
  /** The version whose text to begin with, in place of the one in use. */
  from?: string
  /** For a name that has no workflow yet: what to begin with. */
  starter?: WorkflowKind
}

export function parseEditorSearch(search: Record<string, unknown>): EditorSearch {
  const { step, from, starter } = search
  const kind = workflowKinds.find((known) => known === starter)
  // What is digits alone is read as a number by the router.
  const [name, version] = [step, from].map((given) =>
    typeof given === 'number' ? String(given) : given,
  )
  return {
    ...(typeof name === 'string' && name !== '' && { step: name }),
    ...(typeof version === 'string' && version !== '' && { from: version }),
    ...(kind !== undefined && { starter: kind }),
  }
}
