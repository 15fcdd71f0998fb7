// A calendar as far as the connector uses it, in memory: files with tags, and a report that tells the
// occurrences of what repeats, as most servers do and Radicale does not.

import { overlaps } from '../../booking/slots.ts'
import { type FakeVendor, openFakeVendor } from '../../testing/fake-vendor.ts'
import type { VendorAnswer, VendorRequest } from '../../testing/vendor-request.ts'
import { lineOf } from '../ical.ts'
import { readTime, spanOfEvent } from '../ical-time.ts'
import { newLine } from '../ical.ts'
import { parseEvents } from '../read-event.ts'

interface File {
  readonly text: string
  readonly tag: string
}

export interface FakeDav {
  readonly vendor: FakeVendor
  readonly auth: { readonly user: string; readonly password: string }
  readonly settings: (url: string) => Record<string, unknown>
  readonly files: ReadonlyMap<string, File>
  /** How many were deleted. */
  readonly removed: () => number
  /** `events` are the lines of each, one file for all: occurrences of one thing. */
  readonly seed: (name: string, ...events: readonly (readonly string[])[]) => void
}

const FOLDER = '/dav/reception/'
const AUTH = { user: 'desk', password: 'canary-caldav-password' }
const ZONE = 'Europe/Berlin'

export async function openFakeDav(): Promise<FakeDav> {
  const files = new Map<string, File>()
  let tags = 0
  let removed = 0

  const save = (path: string, text: string): VendorAnswer => {
    const isNew = !files.has(path)
    tags += 1
    files.set(path, { text, tag: `"${tags}"` })
    return { status: isNew ? 201 : 204, headers: { etag: `"${tags}"` }, text: '' }
  }

  function handle(request: VendorRequest): VendorAnswer {
    const { method, path, headers, text } = request
    const wanted = `Basic ${Buffer.from(`${AUTH.user}:${AUTH.password}`).toString('base64')}`
    if (headers['authorization'] !== wanted) return { status: 401 }
    if (!path.startsWith(FOLDER)) return { status: 404 }
    if (method === 'PROPFIND') return multistatus([[FOLDER, CALENDAR]])
    if (method === 'REPORT') return report(text)
    const found = files.get(path)
    const ifMatch = headers['if-match']
    switch (method) {
      case 'PUT':
        if (headers['if-none-match'] === '*' && found !== undefined) return { status: 412 }
        if (ifMatch !== undefined && ifMatch !== found?.tag) return { status: 412 }
        return save(path, text)
      case 'DELETE':
        removed += files.delete(path) ? 1 : 0
        return { status: found === undefined ? 404 : 204 }
      default:
        if (found === undefined) return { status: 404 }
        return {
          status: 200,
          type: 'text/calendar',
          text: found.text,
          headers: { etag: found.tag },
        }
    }
  }

  function report(body: string): VendorAnswer {
    const [, uid] = /<C:text-match[^>]*>([^<]*)</.exec(body) ?? []
    const [, from = '', to = ''] = /<C:time-range start="(\w+)" end="(\w+)"/.exec(body) ?? []
    const found = [...files].filter(([, { text }]) =>
      parseEvents(text).some((event) => {
        if (uid !== undefined) return lineOf(event, 'UID')?.value.includes(uid) === true
        const span = spanOfEvent(event, ZONE)
        const [start, end] = [from, to].map((value) => readTime(newLine('X', value), 'UTC'))
        return span !== null && start && end ? overlaps(span, { start, end }) : false
      }),
    )
    return multistatus(
      found.map(([path, { text, tag }]) => [
        path,
        `<d:getetag>${escape(tag)}</d:getetag><cal:calendar-data>${escape(text)}</cal:calendar-data>`,
      ]),
    )
  }

  return {
    vendor: await openFakeVendor({ handle }),
    auth: AUTH,
    settings: (url) => ({
      url: `${url}${FOLDER}`,
      time_zone: ZONE,
      organizer: 'desk@example.com',
    }),
    files,
    removed: () => removed,
    seed(name, ...events) {
      const lines = events.flatMap((own) => [
        'BEGIN:VEVENT',
        `UID:${name}`,
        'DTSTAMP:20260101T000000Z',
        ...own,
        'END:VEVENT',
      ])
      const text = ['BEGIN:VCALENDAR', 'VERSION:2.0', ...lines, 'END:VCALENDAR', ''].join('\r\n')
      save(`${FOLDER}${name}.ics`, text)
    },
  }
}

const CALENDAR = `<d:resourcetype><d:collection/><cal:calendar/></d:resourcetype>
<d:displayname>Reception</d:displayname>
<d:current-user-privilege-set><d:privilege><d:read/></d:privilege></d:current-user-privilege-set>`

const multistatus = (resources: readonly (readonly [string, string])[]): VendorAnswer => ({
  status: 207,
  type: 'application/xml; charset=utf-8',
  text: `<?xml version="1.0"?>
<d:multistatus xmlns:d="DAV:" xmlns:cal="urn:ietf:params:xml:ns:caldav">${resources
    .map(
      ([path, properties]) => `<d:response><d:href>${encodeURI(path)}</d:href>
<d:propstat><d:prop>${properties}</d:prop><d:status>HTTP/1.1 200 OK</d:status></d:propstat>
<d:propstat><d:prop><d:getctag/></d:prop><d:status>HTTP/1.1 404 Not Found</d:status></d:propstat>
</d:response>`,
    )
    .join('')}</d:multistatus>`,
})

const escape = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('\r', '&#13;')
