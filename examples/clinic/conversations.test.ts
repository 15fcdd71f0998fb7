import { CallComplete, TranscriptAppend, transcriptRoles } from '@bookend/contract'
import { readdir, readFile } from 'node:fs/promises'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { findWish } from './rules/caller-wish.ts'
import { findEmergency } from './rules/emergency.ts'
import { isUpset, sentimentOf } from './rules/sentiment.ts'

const Conversation = z.strictObject({
  title: z.string().min(1),
  entries: z
    .array(
      z.strictObject({
        role: z.enum(transcriptRoles),
        text: z.string(),
        after_ms: z.number().int().min(0).max(5_000),
      }),
    )
    .min(1),
  complete: CallComplete,
})

const folder = new URL('./conversations/', import.meta.url)
const files = (await readdir(folder)).filter((name) => name.endsWith('.json'))

async function read(file: string) {
  const { entries, complete } = Conversation.parse(
    JSON.parse(await readFile(new URL(file, folder), 'utf8')),
  )
  const said = entries.map(({ role, text }, sequence) => ({ sequence, role, text }))
  const transcripts = TranscriptAppend.parse({ entries: said }).entries
  const results = complete.analysis_results.map(({ title = '', result }) => [title, result])
  return { transcripts, analysis: Object.fromEntries(results) as Record<string, never> }
}

test('there is one for each thing that the demo shows', () => {
  expect(files.toSorted()).toEqual(['booking.json', 'emergency.json', 'upset.json'])
})

describe.each(files)('%s', (file) => {
  test('is a conversation that the API takes', async () => {
    await expect(read(file)).resolves.toBeDefined()
  })
})

test.each([
  ['booking.json', 'appointment', false, false],
  ['upset.json', 'callback', true, false],
  ['emergency.json', undefined, false, true],
])('%s: wish %s, upset %s, emergency %s', async (file, wish, upset, emergency) => {
  const call = await read(file)
  expect(findWish(call)?.wish).toBe(wish)
  expect(isUpset(sentimentOf(call))).toBe(upset)
  expect(findEmergency(call) !== null).toBe(emergency)
})
