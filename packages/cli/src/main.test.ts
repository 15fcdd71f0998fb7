import { describe, expect, test } from 'vitest'
import { main } from './main.ts'
import { capturedIo } from './testing/captured-io.ts'

async function type(line: string) {
  const io = capturedIo()
  const code = await main(
    line.split(' ').filter((word) => word !== ''),
    io,
  )
  return { code, out: io.printed.join('\n'), err: io.complained.join('\n') }
}

describe('the command line', () => {
  test.each([
    '',
    'start',
    'demo',
    'call',
    'simulate',
    'runs',
    'runs replay',
    'handoffs',
    'handoffs answer',
    'agents',
    'keys',
    'keys create',
    'workflows',
    'workflows publish',
    'migrate',
    'doctor',
  ])('bookend %s --help explains itself, examples included (C2)', async (path) => {
    const { code, out } = await type(`${path} --help`)
    expect(code).toBe(0)
    expect(out).toContain(`USAGE bookend ${path}`.trim())
    expect(out).toMatch(/EXAMPLES\n\n {2}(?:[A-Z_]+=\S+ )?bookend/)
  })

  test('alone shows what there is, and has done nothing', async () => {
    const { code, out } = await type('')
    expect(code).toBe(1)
    expect(out).toContain('COMMANDS')
  })

  test('refuses a command, an option or a word it does not know (C1)', async () => {
    expect((await type('cal')).err).toContain('There is no command "bookend cal"')
    expect((await type('keys make')).err).toContain('create, list, revoke')
    expect((await type('call --form +1')).err).toContain('There is no option --form')
    expect((await type('runs --no-follow')).err).toContain('There is no option --no-follow')
    expect((await type('runs today')).err).toContain('There is no command "bookend runs today"')
    expect((await type('runs list today')).err).toContain('"today" is one word too many')
    expect((await type('constructor')).err).toContain('There is no command')
  })

  test('says which argument is missing or cannot be read', async () => {
    expect((await type('keys revoke')).err).toContain('ID')
    expect((await type('keys create --scope all')).err).toContain('There is no scope "all"')
    expect((await type('runs --limit 0')).err).toContain('from 1 to 200')
    expect((await type('call --timeout soon')).err).toContain('write it like 500ms, 60s or 2m')
    expect((await type('call --set =1')).err).toContain('sets nothing')
    expect((await type('runs --workflow')).err).toContain('--workflow needs a value')
  })

  test('names the folder in which an example is not', async () => {
    const { code, err } = await type('demo nothing')
    expect(code).toBe(1)
    expect(err).toContain('There is no example in /nowhere/nothing')
  })
})
