// What somebody revealed on this screen, field by field: it hides itself after five minutes, and is
// gone with the screen. It is kept in no cache.

import { useMutation } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { useApi } from '../../api/api.tsx'

const SHOWN_MS = 300_000

interface Shown {
  value: unknown
  untilMs: number
}

export interface Reveal {
  /** Undefined: masked, or never was. */
  find: (handle: string) => Shown | undefined
  isMasked: (handle: string) => boolean
  show: (handle: string) => void
  hide: (handle: string) => void
  pending: string | null
  failed: { handle: string; error: Error } | null
}

/** @param masked The handles that records on the screen came with. */
export function useReveal(masked: readonly string[] = []): Reveal {
  const api = useApi()
  const [shown, setShown] = useState<ReadonlyMap<string, Shown>>(new Map())
  const asking = useMutation({
    gcTime: 0,
    mutationFn: (handle: string) => api.call('reveal', { body: { handle } }),
    onSuccess: ({ handle, value }) =>
      setShown((before) => new Map(before).set(handle, { value, untilMs: Date.now() + SHOWN_MS })),
  })
  const hide = (handle: string): void =>
    setShown((before) => new Map([...before].filter(([each]) => each !== handle)))

  const nextMs = Math.min(...[...shown.values()].map(({ untilMs }) => untilMs))
  useEffect(() => {
    if (!Number.isFinite(nextMs)) return
    const timer = setTimeout(
      () => setShown((before) => new Map([...before].filter(([, each]) => each.untilMs > nextMs))),
      Math.max(0, nextMs - Date.now()),
    )
    return () => clearTimeout(timer)
  }, [nextMs])

  const { variables, error } = asking
  return {
    find: (handle) => shown.get(handle),
    isMasked: (handle) => masked.includes(handle),
    show: (handle) => asking.mutate(handle),
    hide,
    pending: asking.isPending ? (variables ?? null) : null,
    failed: error === null || variables === undefined ? null : { handle: variables, error },
  }
}
