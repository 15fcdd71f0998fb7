export interface ReplaySearch {
  /** The run that is looked at once more. */
  run?: string
}

export function parseReplaySearch({ run }: Record<string, unknown>): ReplaySearch {
  return typeof run === 'string' && run !== '' ? { run } : {}
}
