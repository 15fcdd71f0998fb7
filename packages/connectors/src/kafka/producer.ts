// One producer of the library, and the only file that knows it.
//
// W1. What is dialled, brokers that another names included, goes through the guard of outgoing
//     connections.
// W2. How often the record was written is read off the wire: the library does not say.
// W3. Once closed, nothing more is written and nobody is dialled.
// W4. The library repeats a record only under a number by which a broker drops repeats.

import { ConnectorFault, type ReachPort } from '@bookend/core'
import kafkajs, { type KafkaConfig, type Producer, type SASLOptions } from 'kafkajs'
import type { Socket } from 'node:net'
import { dial, openEvent } from '../net/dial.ts'
import { hasNoNumbers } from './classify.ts'
import type { KafkaAuth, KafkaSettings } from './schema.ts'

export interface WireOptions {
  readonly settings: KafkaSettings
  readonly auth: KafkaAuth
  readonly reach: ReachPort
}

export interface KafkaRecord {
  readonly topic: string
  readonly key: string
  readonly value: Buffer
  readonly headers: Readonly<Record<string, string>>
}

export interface Place {
  readonly partition: number
  readonly offset: string | null
}

const CONNECT_MS = 5_000
const REQUEST_MS = 15_000
const REPEATS = { retries: 4, initialRetryTime: 50, maxRetryTime: 1_000 }
/** The number of a request that writes records, and where a request has it. */
const PRODUCE = 0
const API_KEY_AT = 4
const HEAD = 14

export class KafkaWire {
  readonly #options: WireOptions
  readonly #sockets = new Set<Socket>()
  readonly #kafka: InstanceType<typeof kafkajs.Kafka>
  #producer: Producer | null = null
  #isClosed = false
  #tries = 0
  #fault: ConnectorFault | null = null

  constructor(options: WireOptions) {
    this.#options = options
    this.#kafka = new kafkajs.Kafka(this.#config())
  }

  /** How often the record that is sent now was written. */
  get tries(): number {
    return this.#tries
  }

  /** Why nobody was dialled, where that is why. */
  get fault(): ConnectorFault | null {
    return this.#fault
  }

  async connect(): Promise<void> {
    const numbered = this.#kafka.producer({
      idempotent: true,
      allowAutoTopicCreation: false,
      retry: REPEATS,
    })
    try {
      await numbered.connect()
      this.#producer = numbered
    } catch (error) {
      if (this.#isClosed || !hasNoNumbers(error)) throw error
      leave(numbered)
      this.#producer = this.#kafka.producer({
        allowAutoTopicCreation: false,
        retry: { retries: 0 },
      })
      await this.#producer.connect()
    }
  }

  /** @param withinMs How long brokers may wait for each other. */
  async send({ topic, key, value, headers }: KafkaRecord, withinMs: number): Promise<Place> {
    this.#tries = 0
    const [place] =
      (await this.#producer?.send({
        topic,
        acks: -1,
        timeout: withinMs,
        messages: [{ key, value, headers }],
      })) ?? []
    return { partition: place?.partition ?? 0, offset: place?.baseOffset ?? null }
  }

  /** What the brokers call their cluster; null where they do not. */
  async readCluster(): Promise<string | null> {
    const admin = this.#kafka.admin({ retry: REPEATS })
    try {
      await admin.connect()
      const { clusterId } = (await admin.describeCluster()) as { readonly clusterId?: unknown }
      return typeof clusterId === 'string' && clusterId !== '' ? clusterId : null
    } finally {
      leave(admin)
    }
  }

  close(): void {
    this.#isClosed = true
    for (const socket of this.#sockets) socket.destroy(new Error('closed'))
    if (this.#producer !== null) leave(this.#producer)
  }

  #config(): KafkaConfig {
    const { settings, auth } = this.#options
    return {
      clientId: settings.client_id,
      brokers: [...settings.brokers],
      ...(auth === null ? {} : { sasl: saslOf(settings, auth) }),
      socketFactory: ({ host, port, onConnect }) => this.#dial(host, port, onConnect),
      connectionTimeout: CONNECT_MS,
      authenticationTimeout: CONNECT_MS,
      requestTimeout: REQUEST_MS,
      retry: REPEATS,
      logLevel: kafkajs.logLevel.NOTHING,
      logCreator: () => () => {},
    }
  }

  #dial(host: string, port: number, onConnect: () => void): Socket {
    const { settings, reach } = this.#options
    const { tls, tls_ca: ca } = settings
    const socket = dial({ reach, host: host.replace(/^\[(.*)\]$/, '$1'), port, tls, ca })
    if (this.#isClosed) return socket.destroy(new Error('closed'))
    this.#sockets.add(socket)
    socket.once('close', () => this.#sockets.delete(socket))
    socket.on('error', (error) => {
      if (error instanceof ConnectorFault) this.#fault = error
    })
    return socket.once(openEvent(tls), () => {
      // Not before: a socket that connects takes its own way of writing back.
      this.#countWrites(socket)
      onConnect()
    })
  }

  /** The library writes one request at a time. */
  #countWrites(socket: Socket): void {
    const write = socket.write.bind(socket) as (...args: unknown[]) => boolean
    socket.write = (...args: unknown[]): boolean => {
      const [bytes] = args
      if (this.#isClosed) return false
      if (isProduce(bytes)) this.#tries += 1
      return write(...args)
    }
  }
}

/** What says a password may be shorter than a request's head. */
const isProduce = (bytes: unknown): boolean =>
  Buffer.isBuffer(bytes) && bytes.length >= HEAD && bytes.readInt16BE(API_KEY_AT) === PRODUCE

function saslOf({ sasl }: KafkaSettings, { user, password }: NonNullable<KafkaAuth>): SASLOptions {
  const credential = { username: user, password }
  switch (sasl) {
    case 'plain':
      return { mechanism: 'plain', ...credential }
    case 'scram-sha-256':
      return { mechanism: 'scram-sha-256', ...credential }
    case 'scram-sha-512':
      return { mechanism: 'scram-sha-512', ...credential }
  }
}

/** It says good-bye by itself; nobody waits for it. */
function leave(one: { disconnect(): Promise<void> }): void {
  one.disconnect().catch(() => undefined)
}
