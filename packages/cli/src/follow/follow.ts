import { findKey, findUrl, type ConnectionChoice } from '../connection.ts'
import { listenForStop } from '../stop-signal.ts'
import type { Io } from '../terminal/io.ts'
import { tail, type TailOptions } from './tail.ts'
import { watchChanges, type Topic } from './watch-changes.ts'

export const followArg = {
  type: 'boolean',
  alias: 'f',
  description: 'Go on: what comes is shown as it comes',
} as const

/** Tells what is there and what comes, until somebody stops it. */
export async function follow<T>(
  choice: ConnectionChoice,
  io: Io,
  topics: readonly Topic[],
  options: Omit<TailOptions<T>, 'watch' | 'signal'>,
): Promise<void> {
  using stop = listenForStop()
  const { signal } = stop
  const url = findUrl(choice, io.env)
  const watch = watchChanges({ url, key: findKey(choice, url, io), topics, signal })
  await tail({ ...options, watch, signal })
}
