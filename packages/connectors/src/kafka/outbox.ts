// The records of one connection, one after the other.
//
//   produce ─▶ its turn ─▶ a producer, opened when there is none ─▶ written ─▶ every replica has it
//
// O1. One record at a time: those of a key keep their order, and the number by which a broker drops
//     a repeat is never another record's.
// O2. A producer that failed is thrown away, for its next number is in doubt.
// O3. At its deadline the action ends at once, and a record that was not written by then never is.

import { ConnectorFault } from '@bookend/core'
import { classifyKafka } from './classify.ts'
import { type KafkaRecord, KafkaWire, type Place, type WireOptions } from './producer.ts'

export interface Patience {
  readonly signal: AbortSignal
  readonly leftMs: () => number
}

export class Outbox {
  readonly #options: WireOptions
  #wire: KafkaWire | null = null
  #isClosed = false
  #last: Promise<void> = Promise.resolve()

  constructor(options: WireOptions) {
    this.#options = options
  }

  /** @throws {ConnectorFault} Every failure, never the library's own error. */
  async produce(record: KafkaRecord, patience: Patience): Promise<Place> {
    const { signal } = patience
    const before = this.#last
    let leave = (): void => {}
    const gone = new Promise<void>((resolve) => (leave = resolve))
    this.#last = before.then(() => gone)
    try {
      await unlessAborted(before, signal, noTurn)
      return await this.#send(record, patience)
    } finally {
      leave()
    }
  }

  /** @returns What the brokers call their cluster. @throws {ConnectorFault} */
  async readCluster(signal: AbortSignal): Promise<string | null> {
    const wire = new KafkaWire(this.#options)
    try {
      return await unlessAborted(wire.readCluster(), signal, tooLate)
    } catch (error) {
      throw toFault(error, wire)
    } finally {
      wire.close()
    }
  }

  close(): void {
    this.#isClosed = true
    this.#wire?.close()
  }

  async #send(record: KafkaRecord, { signal, leftMs }: Patience): Promise<Place> {
    if (this.#isClosed) throw new ConnectorFault({ kind: 'retry', detail: 'closed' })
    const known = this.#wire
    const wire = known ?? new KafkaWire(this.#options)
    this.#wire = wire
    const lateness = (): ConnectorFault =>
      wire.tries > 0 ? new ConnectorFault({ kind: 'unknown', detail: 'deadline' }) : tooLate()
    try {
      if (known === null) await unlessAborted(wire.connect(), signal, lateness)
      return await unlessAborted(wire.send(record, Math.ceil(leftMs())), signal, lateness)
    } catch (error) {
      const fault = toFault(error, wire)
      wire.close()
      if (this.#wire === wire) this.#wire = null
      throw fault
    }
  }
}

const noTurn = (): ConnectorFault =>
  new ConnectorFault({ kind: 'retry', detail: 'no_session_in_time' })
const tooLate = (): ConnectorFault => new ConnectorFault({ kind: 'retry', detail: 'deadline' })

function toFault(error: unknown, wire: KafkaWire): ConnectorFault {
  if (error instanceof ConnectorFault) return error
  if (wire.tries === 0 && wire.fault !== null) return wire.fault
  return new ConnectorFault(classifyKafka(error, wire.tries))
}

function unlessAborted<T>(
  work: Promise<T>,
  signal: AbortSignal,
  lateness: () => ConnectorFault,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const leave = (): void => reject(lateness())
    if (signal.aborted) leave()
    signal.addEventListener('abort', leave, { once: true })
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', leave))
  })
}
