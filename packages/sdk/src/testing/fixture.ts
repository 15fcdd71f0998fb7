// A call kept in a file, as `bookend pull` writes it, to begin tests with.

import { Call, TranscriptEntry } from '@bookend/contract'
import { analysisByTitle } from '@bookend/core'
import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import { FakeError } from './fake.ts'
import { type MadeUpCall, madeUpCall } from './made-up-call.ts'
import { RecordedPreCall } from './recorded-pre-call.ts'

const Said = TranscriptEntry.pick({ role: true, text: true })
const Entry = TranscriptEntry.extend({
  timestamp: TranscriptEntry.shape.timestamp.default(null),
  function_name: TranscriptEntry.shape.function_name.default(null),
  arguments: TranscriptEntry.shape.arguments.default(null),
})

/** Every field may be left out; one that a call does not have is a fault of the file. */
const FixtureFile = z.strictObject({
  ...Call.partial().shape,
  transcripts: z.array(Entry).optional(),
  said: z.array(z.union([z.string(), Said])).optional(),
  analysis: z.record(z.string(), z.json()).optional(),
  recorded: z
    .strictObject({
      /** How it was answered, and what its steps were told. */
      pre_call: RecordedPreCall.nullable(),
      /** Names of the journeys that began with it. */
      journeys: z.array(z.string()),
    })
    .optional(),
})

export interface Fixture {
  readonly call: ReturnType<typeof madeUpCall>
  /** Null where the file holds a call alone. */
  readonly recorded: {
    readonly preCall: RecordedPreCall | null
    readonly journeys: readonly string[]
  } | null
}

/**
 * The call of a fixture, with an everyday one's values where the file says nothing.
 *
 * @param source A path is taken from the folder that the tests run in.
 * @throws {FakeError} It cannot be read, or a field is not one of a call.
 */
export async function readFixture(source: URL | string): Promise<ReturnType<typeof madeUpCall>> {
  return (await readRecorded(source)).call
}

/** @throws {FakeError} As {@link readFixture}. */
export async function readRecorded(source: URL | string): Promise<Fixture> {
  const path = source instanceof URL ? fileURLToPath(source) : resolve(source)
  return parseFixture(await readJson(path), path)
}

/**
 * @param name What the fixture is called in an error.
 * @throws {FakeError} A field is not one of a call.
 */
export function parseFixture(content: unknown, name: string): Fixture {
  const { success, data, error } = FixtureFile.safeParse(content)
  if (success) {
    const { recorded, ...given } = data
    const analysis = analysisByTitle({ analysis_results: data.analysis_results ?? [] })
    return {
      call: madeUpCall({ analysis, ...given } as MadeUpCall),
      recorded:
        recorded === undefined ? null : { preCall: recorded.pre_call, journeys: recorded.journeys },
    }
  }
  const faults = error.issues.map((issue) => {
    const field = issue.path.map(String).join('.')
    return `  ${field === '' ? '' : `${field}: `}${issue.message}`
  })
  throw new FakeError([`The fixture ${name} is not a call`, ...faults].join('\n'))
}

async function readJson(path: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(path, 'utf8'))
  } catch (error) {
    throw new FakeError(`The fixture ${path} cannot be read: ${(error as Error).message}`)
  }
}
