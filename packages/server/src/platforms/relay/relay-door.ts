// `/platforms/{platform}/{connection}/relay`: the sockets of calls on which Bookend speaks.
//
//   upgrade ─▶ connection ─▶ signature ─▶ socket ─▶ setup in time ─▶ session
//
// S1. What is not verified is a 401 before there is a socket; nothing of it is read or stored.
// S2. A socket that is not set up, or does not answer, is not kept.
// S3. Stopping hands each call back to its platform, and waits for what was said to be recorded.

import type { Clock } from '@bookend/core'
import type { PlatformConnection } from '@bookend/platforms'
import type { FastifyInstance } from 'fastify'
import type { Duplex } from 'node:stream'
import { WebSocketServer, type WebSocket } from 'ws'
import type { SpeakingModel } from '../../agent/speaking-model.ts'
import { passOn } from '../../http/pass-on.ts'
import type { Log } from '../../log.ts'
import type { LivePlatform, LivePlatforms } from '../live-platforms.ts'
import type { PlatformDoors } from '../platform-doors.ts'
import type { TakeDelivery } from '../take-delivery.ts'
import { findSpeaker, type SpeakerParts } from './find-speaker.ts'
import { KeepEvents } from './keep-events.ts'
import { RelaySession } from './relay-session.ts'

export interface RelayDoorParts extends SpeakerParts {
  /** Null: none is configured, and nobody can speak. */
  readonly model: SpeakingModel | null
  readonly live: Pick<LivePlatforms, 'find'>
  readonly doors: Pick<PlatformDoors, 'accepted' | 'refused'>
  readonly takeDelivery: TakeDelivery
  readonly clock: Clock
  readonly log: Log
}

export interface RelayDoor {
  /** Calls under way. */
  readonly calls: number
  close(): Promise<void>
}

type Upgrade = Parameters<WebSocketServer['handleUpgrade']>[0]

const PATH = /^\/platforms\/([a-z-]{1,40})\/([^/?]{1,200})\/relay(?:\?|$)/
const MESSAGE_BYTES_MAX = 65_536
const BUFFERED_BYTES_MAX = 1_048_576
const CALLS_MAX = 2_000
const SETUP_MS = 10_000
const ALIVE_MS = 30_000
const KEEP_MS = 5_000

interface Call {
  readonly socket: WebSocket
  readonly session: RelaySession
  readonly keep: KeepEvents
  isAlive: boolean
}

export function openRelayDoor(server: FastifyInstance['server'], parts: RelayDoorParts): RelayDoor {
  const { clock, log } = parts
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: MESSAGE_BYTES_MAX,
    perMessageDeflate: false,
    clientTracking: false,
  })
  const calls = new Set<Call>()
  let isClosed = false

  server.on('upgrade', (request: Upgrade, stream: Duplex, head: Buffer) => {
    if (request.headers.upgrade?.toLowerCase() !== 'websocket') {
      return passOn(server, request, stream, head)
    }
    stream.on('error', () => stream.destroy())
    const [, platform = '', name = ''] = PATH.exec(request.url ?? '') ?? []
    const live = parts.live.find(platform, name)
    const connection = live?.connection ?? null
    const relay = connection?.relay ?? null
    if (live === undefined || connection === null || relay === null) return refuse(stream, 404)
    const verdict = connection.verify({
      door: 'events',
      method: 'GET',
      url: request.url ?? '',
      headers: flatten(request.headers),
      body: new Uint8Array(),
      received_at: clock.now().toISOString(),
    })
    if (!verdict.ok) {
      parts.doors.refused(live, 'events', verdict.why)
      log.warn({ platform: live.label, why: verdict.why }, 'a platform’s socket is refused')
      return refuse(stream, 401)
    }
    const { model } = parts
    if (model === null) {
      log.error({ platform: live.label }, 'a call cannot be spoken on: no model is configured')
      return refuse(stream, 503)
    }
    if (isClosed || calls.size >= CALLS_MAX) return refuse(stream, 503)
    parts.doors.accepted(live, 'events')
    sockets.handleUpgrade(request, stream, head, (socket) =>
      serve(socket, { live, connection, relay, model }),
    )
  })

  function serve(socket: WebSocket, { live, connection, relay, model }: Opened): void {
    const keep = new KeepEvents(parts, live, connection)
    const session = new RelaySession({
      relay,
      model,
      clock,
      log,
      label: live.label,
      keep,
      findSpeaker: (opened) => findSpeaker(parts, { live, ...opened }),
      socket: {
        send(text) {
          // Who does not take what is said will not hear it either.
          if (socket.bufferedAmount > BUFFERED_BYTES_MAX) socket.terminate()
          else socket.send(text)
        },
        close: () => socket.close(),
      },
    })
    const call: Call = { socket, session, keep, isAlive: true }
    calls.add(call)
    const cancelSetup = clock.setTimer(SETUP_MS, () => {
      if (!session.isSetUp) socket.terminate()
    })
    socket.on('message', (data: Buffer, isBinary) => {
      if (!isBinary) session.receive(data.toString('utf8'))
    })
    socket.on('pong', () => (call.isAlive = true))
    // What comes of it is its end.
    socket.on('error', () => socket.terminate())
    socket.on('close', () => {
      cancelSetup()
      session.closed()
      void keep.finished().then(() => calls.delete(call))
    })
  }

  let cancelLook = lookLater()
  function lookLater(): () => void {
    return clock.setTimer(ALIVE_MS, () => {
      for (const call of calls) {
        if (!call.isAlive) call.socket.terminate()
        else if (call.socket.readyState === call.socket.OPEN) call.socket.ping()
        call.isAlive = false
      }
      cancelLook = lookLater()
    })
  }

  return {
    get calls() {
      return calls.size
    },
    async close() {
      isClosed = true
      cancelLook()
      const all = [...calls]
      for (const { session, socket } of all) {
        session.leave()
        socket.close(1012)
      }
      let cancel: () => void = () => undefined
      const late = new Promise<void>((resolve) => {
        cancel = clock.setTimer(KEEP_MS, resolve)
      })
      await Promise.race([Promise.all(all.map(({ keep }) => keep.finished())), late])
      cancel()
      for (const { socket } of all) socket.terminate()
    },
  }
}

interface Opened {
  readonly live: LivePlatform
  readonly connection: PlatformConnection
  readonly relay: NonNullable<PlatformConnection['relay']>
  readonly model: SpeakingModel
}

const REASONS = { 401: 'Unauthorized', 404: 'Not Found', 503: 'Service Unavailable' } as const

function refuse(stream: Duplex, status: keyof typeof REASONS): void {
  const head = `HTTP/1.1 ${status} ${REASONS[status]}`
  stream.end(`${head}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`)
}

function flatten(headers: Upgrade['headers']): Record<string, string> {
  const flat: Record<string, string> = {}
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) flat[name] = Array.isArray(value) ? value.join(', ') : value
  }
  return flat
}
