import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { FakeError, readFixture } from './index.ts'

let folder = ''
beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'bookend-fixtures-'))))
afterAll(() => rmSync(folder, { recursive: true }))

function fileOf(content: unknown): string {
  const path = join(folder, 'call.json')
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content))
  return path
}

describe('a fixture', () => {
  test('is an everyday call but for what its file says', async () => {
    const line = { sequence: 4, role: 'user', text: 'Call me back' }
    const path = fileOf({ duration: 7, transcripts: [line] })
    const call = await readFixture(pathToFileURL(path))
    expect(call).toMatchObject({ duration: 7, status: 'completed', from_number: '+15550100001' })
    expect(call.transcripts).toEqual([
      { ...line, timestamp: null, function_name: null, arguments: null },
    ])
    expect(await readFixture(path)).toEqual(call)
  })

  test('takes lines that were said in short', async () => {
    const { transcripts } = await readFixture(fileOf({ said: ['Hello'] }))
    expect(transcripts).toMatchObject([{ role: 'user', text: 'Hello' }])
  })

  test.each([
    [{ durations: 7 }, 'durations'],
    [{ duration: 'long' }, 'duration: '],
    ['{', 'cannot be read'],
  ])('%j is refused, naming what is wrong', async (content, words) => {
    const reading = readFixture(fileOf(content))
    await expect(reading).rejects.toBeInstanceOf(FakeError)
    await expect(reading).rejects.toThrow(words)
  })
})
