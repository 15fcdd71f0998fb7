// The bytes of a request's body, as far as they come in time and fit; what does not is a value.

import type { Clock } from '@bookend/core'
import type { FastifyRequest } from 'fastify'

export type BodyFault = 'too_large' | 'timeout' | 'aborted'

export type BodyRead =
  | { readonly kind: 'read'; readonly bytes: Uint8Array }
  | { readonly kind: 'fault'; readonly fault: BodyFault }

/** Never rejects, and settles within `withinMs`. The rest of a body that is given up on is thrown away. */
export function readBody(
  clock: Clock,
  stream: Pick<FastifyRequest['raw'], 'on' | 'off' | 'resume'>,
  { bytesMax, withinMs }: { readonly bytesMax: number; readonly withinMs: number },
): Promise<BodyRead> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = []
    let size = 0
    const cancel = clock.setTimer(Math.max(0, withinMs), () => end(faulty('timeout')))
    const onData = (chunk: Buffer): void => {
      size += chunk.length
      if (size > bytesMax) end(faulty('too_large'))
      else chunks.push(chunk)
    }
    const onEnd = (): void => end({ kind: 'read', bytes: Buffer.concat(chunks) })
    const onGone = (): void => end(faulty('aborted'))
    function end(result: BodyRead): void {
      cancel()
      stream.off('data', onData).off('end', onEnd).off('close', onGone)
      if (result.kind === 'fault') stream.resume()
      resolve(result)
    }
    stream.on('data', onData).on('end', onEnd).on('close', onGone)
    // A request that breaks off says so by `error` as well, which must have a listener.
    stream.on('error', onGone)
  })
}

const faulty = (fault: BodyFault): BodyRead => ({ kind: 'fault', fault })
