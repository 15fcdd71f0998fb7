import { describe, expect, test } from 'vitest'
import { createLog } from './log.ts'

function open() {
  const lines: string[] = []
  const log = createLog('info', { write: (line) => void lines.push(line) })
  return { log, lines, last: () => JSON.parse(lines.at(-1) ?? '{}') as Record<string, unknown> }
}

describe('a log line', () => {
  test('holds no credential, by whatever name and however deep (E8)', () => {
    const { log, lines, last } = open()
    const deep = { request: { headers: { Authorization: 'Bearer canary-4711' } } }
    log.warn({ deep, apiKey: 'canary-4711', list: [{ password: 'canary-4711' }] }, 'called')
    expect(last()).toMatchObject({ msg: 'called', apiKey: '(redacted)' })
    log.warn({ target: 'https://u:canary-4711@a.example/x?t=canary-4711' }, 'not reached')
    expect(last()['target']).toBe('https://a.example/x')
    log.warn({ from: '+14155550100', pii: { from: '+14155550100' } }, 'came in')
    expect(lines.join('')).not.toMatch(/canary-4711|4155550100/)
  })

  test('describes an error without what its text gives away (E8)', () => {
    const { log, lines, last } = open()
    const err = Object.assign(
      new Error('GET https://ada:canary-4711@crm.example.com/?key=canary-4711: Bearer canary-4711'),
      { code: 'ECONNRESET', request: { authorization: 'Bearer canary-4711' } },
    )
    log.error({ err, runId: 'r1' }, 'failed')
    expect(last()).toMatchObject({ runId: 'r1', err: { type: 'Error', code: 'ECONNRESET' } })
    expect(JSON.stringify(last())).toContain('log.test.ts')
    expect(lines.join('')).not.toContain('canary-4711')
  })

  test('is one line of JSON, whatever is in it (E9)', () => {
    const { log, lines } = open()
    const forged = '\n{"level":60,"msg":"all is well"}\r\n\u2028\u001B[2K'
    log.warn({ name: forged, [forged]: 1, err: new Error(forged) }, 'odd')
    expect(lines).toHaveLength(1)
    expect(lines[0]?.trimEnd()).not.toMatch(/[\n\r]/)
    expect(lines[0]).not.toContain('\u001B')
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ level: 40, msg: 'odd', name: forged })
  })

  test('costs no field that is harmless', () => {
    const { log, last } = open()
    log.info({ runId: 'r1', attempt: 2, durationMs: 184.5, isLast: false, step: null }, 'done')
    expect(last()).toMatchObject({ runId: 'r1', attempt: 2, durationMs: 184.5, isLast: false })
  })
})
