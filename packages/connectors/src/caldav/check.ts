import { ConnectorFault, type CheckResult } from '@bookend/core'
import { ask, calendarUrl, type Context } from './ask.ts'
import { children, namesOf, parseMultistatus, textOf } from './multistatus.ts'

const WRITES: ReadonlySet<string> = new Set(['all', 'write', 'write-content', 'bind'])

/** One read of the calendar's own properties. */
export async function check(ctx: Context): Promise<CheckResult> {
  const { text } = await ask(ctx, {
    effect: 'read',
    method: 'PROPFIND',
    url: calendarUrl(ctx, null),
    headers: { depth: '0', 'content-type': 'application/xml; charset=utf-8' },
    body: `<?xml version="1.0" encoding="utf-8"?>
<D:propfind xmlns:D="DAV:"><D:prop><D:resourcetype/><D:displayname/><D:current-user-privilege-set/></D:prop></D:propfind>`,
  })
  const [found] = parseMultistatus(text)
  const kinds = namesOf(children(found?.properties.get('resourcetype')))
  if (!kinds.includes('calendar')) {
    throw new ConnectorFault({ kind: 'refused', detail: 'not_a_calendar' })
  }
  const name = textOf(found?.properties.get('displayname')).trim()
  const privileges = children(found?.properties.get('current-user-privilege-set')).flatMap((one) =>
    namesOf(children(one)),
  )
  const mayWrite = privileges.length === 0 || privileges.some((one) => WRITES.has(one))
  return {
    account: name === '' ? null : name,
    warnings: mayWrite ? [] : ['The calendar may only be read: ask for the right to write in it'],
  }
}
