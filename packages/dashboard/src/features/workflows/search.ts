export interface WorkflowSearch {
  /** The version whose text is shown. */
  version?: string
}

export function parseWorkflowSearch({ version }: Record<string, unknown>): WorkflowSearch {
  // A hash of digits alone is read as a number by the router.
  const given = typeof version === 'number' ? String(version) : version
  return typeof given === 'string' && given !== '' ? { version: given } : {}
}
