// A call kept in a file, as `bookend pull` writes it, to begin tests with.

import { Call, TranscriptEntry } from '@bookend/contract'
import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import { FakeError } from './fake.ts'
import { type MadeUpCall, madeUpCall } from './made-up-call.ts'

const Said = TranscriptEntry.pick({ role: true, text: true })
const Entry = TranscriptEntry.extend({
  timestamp: TranscriptEntry.shape.timestamp.default(null),
  function_name: TranscriptEntry.shape.function_name.default(null),
  arguments: TranscriptEntry.shape.arguments.default(null),
})

/** Every field may be left out; one that a call does not have is a fault of the file. */
const Fixture = z.strictObject({
  ...Call.partial().shape,
  transcripts: z.array(Entry).optional(),
  said: z.array(z.union([z.string(), Said])).optional(),
  analysis: z.record(z.string(), z.json()).optional(),
})

/**
 * The call of a fixture, with an everyday one's values where the file says nothing.
 *
 * @param source A path is taken from the folder that the tests run in.
 * @throws {FakeError} It cannot be read, or a field is not one of a call.
 */
export async function readFixture(source: URL | string): Promise<ReturnType<typeof madeUpCall>> {
  const path = source instanceof URL ? fileURLToPath(source) : resolve(source)
  const { success, data, error } = Fixture.safeParse(await readJson(path))
  if (success) return madeUpCall(data as MadeUpCall)
  const faults = error.issues.map((issue) => {
    const field = issue.path.map(String).join('.')
    return `  ${field === '' ? '' : `${field}: `}${issue.message}`
  })
  throw new FakeError([`The fixture ${path} is not a call`, ...faults].join('\n'))
}

async function readJson(path: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(path, 'utf8'))
  } catch (error) {
    throw new FakeError(`The fixture ${path} cannot be read: ${(error as Error).message}`)
  }
}
