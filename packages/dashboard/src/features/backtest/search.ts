export interface BacktestSearch {
  workflow?: string
}

export function parseBacktestSearch({ workflow }: Record<string, unknown>): BacktestSearch {
  return typeof workflow === 'string' && workflow !== '' ? { workflow } : {}
}
