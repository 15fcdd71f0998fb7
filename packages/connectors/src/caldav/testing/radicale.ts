// A real CalDAV server, which tells the rule of what repeats and reckons with it.

import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import * as tsdav from 'tsdav'
import { findProgram, startProgram, type Program } from '../../testing/start-program.ts'

export const command = findProgram('radicale')
export const auth = { user: 'reception', password: 'planted-secret-of-caldav' }
/** Where its calendars lie. */
export const home = `/${auth.user}/`

export async function startRadicale(path: string): Promise<Program> {
  return await startProgram({
    command: path,
    prepare: async ({ port, folder }) => {
      const [config, users] = [join(folder, 'config'), join(folder, 'users')]
      await writeFile(users, `${auth.user}:${auth.password}\n`)
      await writeFile(
        config,
        `[server]
hosts = 127.0.0.1:${port}
[auth]
type = htpasswd
htpasswd_filename = ${users}
htpasswd_encryption = plain
delay = 0
[storage]
filesystem_folder = ${join(folder, 'data')}
[logging]
level = warning
`,
      )
      return ['--config', config]
    },
  })
}

const headers = {
  authorization: `Basic ${Buffer.from(`${auth.user}:${auth.password}`).toString('base64')}`,
}

export async function makeCalendar(url: string): Promise<void> {
  const [made] = await tsdav.makeCalendar({ url, props: {}, headers })
  if (made?.status !== 201) throw new Error(`No calendar was made: ${made?.status}`)
}

/** A file as another program writes it; lines as they stand in it. */
export async function putFile(url: string, lines: readonly string[]): Promise<void> {
  const whole = [
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    'PRODID:-//somebody//else//EN',
    ...lines,
    'END:VCALENDAR',
    '',
  ]
  const type = { 'content-type': 'text/calendar; charset=utf-8' }
  const data = whole.join('\r\n')
  const { ok, status } = await tsdav.createObject({ url, data, headers: { ...headers, ...type } })
  if (!ok) throw new Error(`${url} was not stored: ${status}`)
}

/** What a client of somebody else's finds in a calendar. */
export async function filesOf(url: string): Promise<readonly string[]> {
  const calendar = { url }
  // It asks for what lies in the calendar, and then for each by its name.
  const found = await tsdav.fetchCalendarObjects({ calendar, headers })
  return found.map(({ data }) => String(data))
}
