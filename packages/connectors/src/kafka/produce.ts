import { action, type ActionContext } from '@bookend/core'
import type { Outbox, Patience } from './outbox.ts'
import type { KafkaRecord } from './producer.ts'
import { Placed, ProduceInput, type KafkaAuth, type KafkaSettings } from './schema.ts'

export type Context = ActionContext<KafkaSettings, KafkaAuth, Outbox>

const WRITE_MS = 10_000
/** Longer than this, a value is shown in part. */
const SHOWN_MAX = 8_192

export const messageProduce = action({
  effect: 'write',
  // A producer that starts anew may write a record twice; consumers drop repeats by `bookend-key`.
  idempotency: { class: 'keyed_append', by: 'run' },
  input: ProduceInput,
  output: Placed,
  timeoutMs: WRITE_MS,
  preview: ({ topic }) => ({ topic, partition: 0, offset: null }),
  render: (_settings: KafkaSettings, input, key) => {
    const { topic, headers, value } = renderRecord(input, key, '')
    const shown = input.base64 ?? value.toString()
    return { topic, key: input.key ?? null, headers, value: shown.slice(0, SHOWN_MAX) }
  },
  run: async (ctx: Context, input) => {
    const record = renderRecord(input, ctx.key, ctx.subjectKey)
    const { partition, offset } = await ctx.client.produce(record, patienceOf(ctx))
    return { topic: input.topic, partition, offset }
  },
})

export function patienceOf(ctx: Context): Patience {
  const totalMs = Math.ceil(Math.min(WRITE_MS, ctx.remainingMs()))
  const signal = AbortSignal.any([ctx.signal, AbortSignal.timeout(totalMs)])
  return { signal, leftMs: () => Math.max(1, Math.min(WRITE_MS, ctx.remainingMs())) }
}

/** @param subject The key of a record that was given none. */
function renderRecord(input: ProduceInput, key: string, subject: string): KafkaRecord {
  const [value, type] = renderValue(input)
  return {
    topic: input.topic,
    key: input.key ?? subject,
    value,
    headers: { ...input.headers, 'content-type': type, 'bookend-key': key },
  }
}

function renderValue({ text, json, base64 }: ProduceInput): readonly [Buffer, string] {
  if (text !== undefined) return [Buffer.from(text), 'text/plain; charset=utf-8']
  if (base64 !== undefined) return [Buffer.from(base64, 'base64'), 'application/octet-stream']
  return [Buffer.from(JSON.stringify(json)), 'application/json']
}
