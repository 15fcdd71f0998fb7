// Keeps the stream open while somebody is looking, and lets queries know what to read again.

import { useQueryClient, type QueryClient } from '@tanstack/react-query'
import {
  createContext,
  type ReactNode,
  use,
  useCallback,
  useEffect,
  useMemo,
  useRef,
  useState,
} from 'react'
import { sessionKey } from '../api/query-client.ts'
import { topics } from './change.ts'
import { type Change, ChangeStream, type Source, type StreamState } from './change-stream.ts'
import { findStale } from './stale-queries.ts'
import { watchVisibility } from './watch-visibility.ts'

const STREAM_PATH = `/api/v1/stream?topics=${topics.join(',')}`
const DOWN_AFTER_MS = 10_000
/** How often open lists ask for themselves while the stream is down. */
const POLL_MS = 10_000

export interface Live {
  state: StreamState
  /** Interval for list queries: a number while the stream is down, else false. */
  pollMs: number | false
  toggle: () => void
}

const LiveContext = createContext<Live>({
  state: 'connecting',
  pollMs: false,
  toggle: () => undefined,
})

export const useLive = (): Live => use(LiveContext)

interface LiveProviderProps {
  open?: (() => Source) | undefined
  children: ReactNode
}

const openEventSource = (): Source => new EventSource(STREAM_PATH)

export function LiveProvider({ open = openEventSource, children }: LiveProviderProps) {
  const client = useQueryClient()
  const [state, setState] = useState<StreamState>('connecting')
  const [isDown, setIsDown] = useState(false)
  const stream = useRef<ChangeStream | null>(null)
  const isPaused = useRef(false)

  useEffect(() => {
    let downTimer: ReturnType<typeof setTimeout> | undefined
    const current = new ChangeStream({
      open,
      onState: (next) => {
        setState(next)
        if (next === 'live' || next === 'paused') {
          clearTimeout(downTimer)
          downTimer = undefined
          setIsDown(false)
        } else {
          downTimer ??= setTimeout(() => {
            setIsDown(true)
            // At once, so that the screen says how old it is or goes on by polling.
            void reload(client)
          }, DOWN_AFTER_MS)
        }
      },
      onChanges: (changes) => applyChanges(client, changes),
      onReset: () => reload(client),
    })
    stream.current = current
    current.start()
    const unwatch = watchVisibility({
      onHidden: () => current.pause(),
      onShown: () => {
        if (!isPaused.current) current.start()
      },
    })
    return () => {
      clearTimeout(downTimer)
      unwatch()
      current.stop()
    }
  }, [client, open])

  const toggle = useCallback(() => {
    isPaused.current = !isPaused.current
    if (isPaused.current) stream.current?.pause()
    else stream.current?.start()
  }, [])

  const live = useMemo(
    () => ({ state, toggle, pollMs: isDown ? POLL_MS : (false as const) }),
    [state, toggle, isDown],
  )
  return <LiveContext value={live}>{children}</LiveContext>
}

/** Only queries on screen read again; the others are marked and read when they come back. */
async function applyChanges(client: QueryClient, changes: readonly Change[]): Promise<void> {
  const isStale = findStale(changes)
  await client.invalidateQueries({ predicate: ({ queryKey }) => isStale(queryKey) })
}

async function reload(client: QueryClient): Promise<void> {
  await client.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] !== sessionKey[0] })
}
