import type { BacktestedCall } from '@bookend/contract'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { useApi } from '../../api/api.tsx'
import type { Attempt } from '../replay/attempt.ts'

/** As many calls at a time as are done in a moment, so that the screen tells of each lot. */
const LOT = 20

interface BacktestOrder {
  attempt: Attempt
  last: number
}

interface BacktestSoFar {
  version: string | null
  calls: readonly BacktestedCall[]
  /** No more calls are recorded than these. */
  isAll: boolean
}

const nothing: BacktestSoFar = { version: null, calls: [], isAll: false }

/** Goes through the calls lot by lot; what is there already is shown while the rest is asked for. */
export function useBacktest(name: string) {
  const api = useApi()
  const [soFar, setSoFar] = useState(nothing)
  const run = useMutation({
    mutationFn: async ({ attempt, last }: BacktestOrder) => {
      setSoFar(nothing)
      const tried =
        attempt.kind === 'text'
          ? { source: attempt.source }
          : attempt.kind === 'version'
            ? { version: attempt.version }
            : {}
      const calls: BacktestedCall[] = []
      let cursor: string | undefined
      do {
        const body = { ...tried, last: Math.min(LOT, last - calls.length), cursor }
        const lot = await api.call('backtestWorkflow', { params: { name }, body })
        calls.push(...lot.calls)
        cursor = lot.next_cursor ?? undefined
        setSoFar({ version: lot.version, calls: [...calls], isAll: cursor === undefined })
      } while (cursor !== undefined && calls.length < last)
    },
  })
  return { ...soFar, run }
}
