import type { WorkflowCheck } from '@bookend/contract'
import { useState } from 'react'

/** The newest verdict that had a graph: a fault does not take the picture away. */
export function useLastValid(check: WorkflowCheck | null): WorkflowCheck | null {
  const [valid, setValid] = useState(check)
  if (check !== null && check.valid && check !== valid) setValid(check)
  return valid?.valid === true ? valid : null
}
