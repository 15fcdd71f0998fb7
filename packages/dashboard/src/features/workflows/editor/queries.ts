import type { Workflow, WorkflowCheck } from '@bookend/contract'
import {
  keepPreviousData,
  useMutation,
  useQuery,
  useQueryClient,
  type UseQueryResult,
} from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { useApi } from '../../../api/api.tsx'

const QUIET_MS = 300

export interface Checked {
  /** The newest verdict; null before the first. */
  readonly check: WorkflowCheck | null
  /** The text that it is about. */
  readonly text: string | null
  readonly error: Error | null
  /** The verdict is of the text as it is. */
  readonly isCurrent: boolean
}

/** The server's verdict on a text, asked for once nothing was typed for a moment. */
export function useCheck(name: string, text: string): Checked {
  const api = useApi()
  const quiet = useQuiet(text)
  const { data, error } = useQuery({
    queryKey: ['check', name, quiet],
    // Each text is a key of its own, and may be long.
    gcTime: 0,
    placeholderData: keepPreviousData,
    queryFn: async ({ signal }) => {
      const input = { params: { name }, body: { source: quiet } }
      return { text: quiet, check: await api.call('checkWorkflow', input, { signal }) }
    },
  })
  const checked = data?.text ?? null
  return { check: data?.check ?? null, text: checked, error, isCurrent: checked === text }
}

function useQuiet(text: string): string {
  const [quiet, setQuiet] = useState(text)
  useEffect(() => {
    const timer = setTimeout(() => setQuiet(text), QUIET_MS)
    return () => clearTimeout(timer)
  }, [text])
  return quiet
}

interface Publish {
  source: string
  /** The version that was edited; null: the name is new. */
  from: string | null
}

export function usePublish(name: string) {
  const api = useApi()
  const client = useQueryClient()
  return useMutation({
    mutationFn: ({ source, from }: Publish) =>
      api.call(
        'publishWorkflow',
        { params: { name }, body: { source } },
        from === null ? {} : { headers: { 'if-match': `"${from}"` } },
      ),
    async onSuccess({ warnings: _, ...workflow }) {
      client.setQueryData<Workflow>(['workflow', name], workflow)
      const stale = [['workflows'], ['versions', name]]
      await Promise.all(stale.map((queryKey) => client.invalidateQueries({ queryKey })))
    },
  })
}

/** The text of an older version to begin with; idle without one. */
export function useSourceOf(
  name: string,
  version: string | undefined,
): UseQueryResult<string | null> {
  const api = useApi()
  return useQuery({
    queryKey: ['version', name, version, 'source'],
    enabled: version !== undefined,
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: async ({ signal }) => {
      const params = { name, version: version ?? '' }
      return (await api.call('getWorkflowVersion', { params }, { signal })).source ?? null
    },
  })
}
