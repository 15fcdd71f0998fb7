// Workflow endpoints as an attacker would write them, and what a call is told of each.

import { gzipSync } from 'node:zlib'
import type { Socket } from 'node:net'
import type { PreCallFailure } from '@bookend/contract'
import { answer, head, type Talk } from '../../outgoing/testing/servers.ts'

export interface Hostility {
  readonly what: string
  readonly talk: Talk
  /** Null: the answer is read, as far as it may be. */
  readonly failure: PreCallFailure | null
}

const JSON_TYPE = 'content-type: application/json'

/** What one of them would plant in somebody else's call. */
export const PLANTED = 'planted'
const planting = `{"parameters":{"customer_name":"${PLANTED}"}}`

const says = (body: string, status = '200 OK', ...headers: string[]): Talk => {
  const bytes = answer(body, status, JSON_TYPE, ...headers)
  return (socket) => void socket.write(bytes)
}

const sends = (start: string, piece: string): Talk => {
  return (socket) => {
    socket.write(start)
    const timer = setInterval(() => socket.write(piece), 10)
    socket.once('close', () => clearInterval(timer))
  }
}

/** As fast as the other side takes it. */
const pours = (start: string, piece: string): Talk => {
  return (socket: Socket) => {
    const pour = (): void => {
      while (!socket.destroyed && socket.write(piece));
    }
    socket.write(start)
    socket.on('drain', pour)
    pour()
  }
}

const packed = (body: Buffer, coding: string): Talk => {
  const start = head(
    '200 OK',
    JSON_TYPE,
    `content-encoding: ${coding}`,
    `content-length: ${body.length}`,
  )
  return (socket) => {
    socket.write(start)
    socket.write(body)
  }
}

const names = (count: number): string =>
  `{"parameters":{${Array.from({ length: count }, (_, index) => `"n${index}":1`).join(',')}}}`

/** @param inside Where the redirect leads; it must hear nothing. */
export const hostilities = (inside: string): readonly Hostility[] => [
  { what: 'never answers', failure: 'timeout', talk: () => undefined },
  {
    what: 'drips its body',
    failure: 'timeout',
    talk: sends(head('200 OK', JSON_TYPE, 'content-length: 60000'), ' '),
  },
  {
    what: 'drips its headers',
    failure: 'timeout',
    talk: sends('HTTP/1.1 200 OK\r\n', 'a: b\r\n'),
  },
  {
    what: 'has headers without end',
    failure: 'too_large',
    talk: pours('HTTP/1.1 200 OK\r\n', 'a: b\r\n'.repeat(100)),
  },
  {
    what: 'has a body without end',
    failure: 'too_large',
    talk: pours(head('200 OK', 'transfer-encoding: chunked'), `400\r\n${'x'.repeat(1_024)}\r\n`),
  },
  {
    what: 'floods with informational answers',
    failure: 'too_large',
    talk: pours('', head('102 Processing')),
  },
  {
    what: 'sends a bomb',
    failure: 'too_large',
    talk: packed(gzipSync(Buffer.alloc(50_000_000)), 'gzip'),
  },
  {
    what: 'packs its answer twice',
    failure: 'invalid_response',
    talk: packed(gzipSync(gzipSync(planting)), 'gzip, gzip'),
  },
  {
    what: 'redirects inside',
    failure: 'redirected',
    talk: says(planting, '307 Temporary Redirect', `location: ${inside}`),
  },
  {
    what: 'closes midway',
    failure: 'connect_failed',
    talk: (socket) => void socket.end(`${head('200 OK', 'content-length: 90')}{"parameters":`),
  },
  { what: 'resets', failure: 'connect_failed', talk: (socket) => void socket.resetAndDestroy() },
  {
    what: 'declares two lengths',
    failure: 'connect_failed',
    talk: (socket) =>
      void socket.write(
        head('200 OK', JSON_TYPE, 'content-length: 2', 'content-length: 46') + planting,
      ),
  },
  { what: 'sends broken JSON', failure: 'not_json', talk: says('{"parameters":{"customer_na') },
  {
    what: 'reaches for a prototype',
    failure: 'invalid_response',
    talk: says('{"parameters":{"a":{"__proto__":{"polluted":true}}}}'),
  },
  {
    what: 'nests beyond any walk',
    failure: 'invalid_response',
    talk: says(`{"parameters":{"a":${'['.repeat(30_000)}${']'.repeat(30_000)}}}`),
  },
  { what: 'sends 50,000 names', failure: 'too_large', talk: says(names(50_000)) },
  { what: 'fails with an answer', failure: 'http_status', talk: says(planting, '500 Oops') },
  { what: 'sends 6,000 names under the cap', failure: null, talk: says(names(6_000)) },
  {
    what: 'sends a second answer behind the first',
    failure: null,
    talk: (socket) =>
      void socket.write(answer('{}', '200 OK', JSON_TYPE) + answer(planting, '200 OK', JSON_TYPE)),
  },
]
