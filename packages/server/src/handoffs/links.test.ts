import { describe, expect, test } from 'vitest'
import { createSecrets } from '../secrets/secrets.ts'
import { createHandoffLinks, type LinkSubject } from './links.ts'

const key = (fill: number): Uint8Array => Buffer.alloc(32, fill)
const now = new Date('2026-03-02T12:00:00Z')
const subject: LinkSubject = {
  workspaceId: '018f4c1e-0000-7000-8000-0000000000aa',
  id: '018f4c1e-0000-7000-8000-0000000000bb',
  assign: 'team:front',
  dueAt: new Date('2026-03-02T16:00:00Z'),
  revision: 0,
}
const links = createHandoffLinks(createSecrets(key(1)), () => 'https://bookend.test')
const tokenOf = (of: Partial<LinkSubject> = {}, from = links): string =>
  from
    .linkFor({ ...subject, ...of })
    .split('/')
    .at(-1) ?? ''

describe('a link to a handoff', () => {
  test('opens what it was made for', () => {
    expect(links.linkFor(subject)).toMatch(/^https:\/\/bookend\.test\/h\/[\w-]{100,120}$/)
    const opened = links.open(tokenOf(), now)
    expect(opened).toMatchObject({ workspaceId: subject.workspaceId, id: subject.id })
    expect(opened?.fits(subject)).toBe(true)
  })

  test.each<[string, Partial<LinkSubject>]>([
    ['workspace (C13)', { workspaceId: '018f4c1e-0000-7000-8000-0000000000ff' }],
    ['handoff', { id: '018f4c1e-0000-7000-8000-0000000000ff' }],
    ['assignee', { assign: 'team:billing' }],
    ['assignee, anybody', { assign: null }],
    ['end', { dueAt: new Date('2026-03-02T16:00:01Z') }],
    ['turn of the same assignee', { revision: 2 }],
  ])('fits no other %s', (_, other) => {
    expect(links.open(tokenOf(), now)?.fits({ ...subject, ...other })).toBe(false)
  })

  test('is refused when one bit of it is another, whichever that is (E5)', () => {
    const bytes = Buffer.from(tokenOf(), 'base64url')
    for (let bit = 0; bit < bytes.length * 8; bit += 1) {
      const changed = Buffer.from(bytes)
      changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7))
      expect(links.open(changed.toString('base64url'), now)).toBeNull()
    }
  })

  test.each(['', 'x', 'A'.repeat(110), '../../etc/passwd', `${tokenOf()}=`, `${tokenOf()}A`])(
    'that is %j opens nothing',
    (token) => {
      expect(links.open(token, now)).toBeNull()
    },
  )

  test('opens nothing once it is due', () => {
    expect(links.open(tokenOf(), new Date('2026-03-02T15:59:59Z'))).not.toBeNull()
    expect(links.open(tokenOf(), new Date('2026-03-02T16:00:00Z'))).toBeNull()
  })

  test('of an earlier key opens while that key is known, and of no other', () => {
    const before = createHandoffLinks(createSecrets(key(2)), () => '')
    const token = tokenOf({}, before)
    const rotated = createHandoffLinks(createSecrets(key(1), [key(2)]), () => '')
    expect(rotated.open(token, now)).not.toBeNull()
    expect(links.open(token, now)).toBeNull()
  })
})

describe('the nonce of a form', () => {
  const opened = links.open(tokenOf(), now)
  const later = (ms: number): Date => new Date(now.getTime() + ms)

  test('is good for two hours, for its own link', () => {
    const nonce = opened?.createNonce(now) ?? ''
    expect(opened?.isNonce(nonce, later(7_100_000))).toBe(true)
    expect(opened?.isNonce(nonce, later(7_300_000))).toBe(false)
    const other = links.open(tokenOf({ revision: 1 }), now)
    expect(other?.isNonce(nonce, now)).toBe(false)
  })

  test.each(['', 'x', 'A'.repeat(64)])('is not %j', (nonce) => {
    expect(opened?.isNonce(nonce, now)).toBe(false)
  })
})
