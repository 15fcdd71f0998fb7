// `/h/<token>`: a handoff's form for whoever has its link, at the root.
//
//   token ─▶ ours? its time? ─▶ the handoff as it is ─▶ page │ answer ─▶ page
//
// G1. A GET changes nothing: mail scanners open links before people do.
// G2. A link that is none, one that was reassigned, one of a handoff that is gone: the same answer.
// G3. A POST needs what the form was shown with, so that only a form that was seen is sent.

import { HandoffAnswer, type Handoff } from '@bookend/contract'
import { storableText } from '@bookend/core'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Context } from '../context.ts'
import { answerHandoff } from '../handoffs/answer-handoff.ts'
import { PAGE_HEADERS, renderAsk, renderInstant, renderNotice } from '../handoffs/answer-page.ts'
import { fieldsOf, readAnswer, type Sent } from '../handoffs/form-fields.ts'
import { type HandoffLinks, LINK_PATH, type OpenedLink } from '../handoffs/links.ts'
import { findLinked, type LockedHandoff } from '../store/postgres/handoffs.ts'

const BODY_BYTES_MAX = 65_536
const FORM = 'application/x-www-form-urlencoded'
const NAME_MAX = 80

type LinkRequest = FastifyRequest<{ Params: { token: string } }>
type Parts = Pick<Context, 'database' | 'reads' | 'engine' | 'changes' | 'clock'> & {
  readonly links: HandoffLinks
}
type Page = readonly [status: number, html: string]

export function addHandoffPage(app: FastifyInstance, parts: Parts): void {
  const { reads, links, clock } = parts

  async function find(token: string): Promise<{ link: OpenedLink; handoff: Handoff } | null> {
    const link = links.open(token, clock.now())
    if (link === null) return null
    const found = await findLinked(reads, link.workspaceId, link.id)
    if (found === null || !isFor(link, found)) return null
    return { link, handoff: found.handoff }
  }

  async function show(token: string): Promise<Page> {
    const found = await find(token)
    if (found === null) return NONE
    const { link, handoff } = found
    if (handoff.status !== 'open') return [200, renderOver(handoff)]
    return [200, ask(link, handoff, null, new Map())]
  }

  async function take(token: string, sent: Sent): Promise<Page> {
    const found = await find(token)
    if (found === null) return NONE
    const { link, handoff } = found
    if (handoff.status !== 'open') return [409, renderOver(handoff)]
    const again = (status: number, faults: ReadonlyMap<string, string>): Page => [
      status,
      ask(link, handoff, sent, faults),
    ]
    if (!link.isNonce(sent.get('nonce') ?? '', clock.now())) {
      return again(422, new Map([['', 'The page was open for too long; send it once more']]))
    }
    const name = readName(sent)
    if (name === null) return again(422, new Map([['', 'Say who you are']]))
    const { answer, faults } = readAnswer(fieldsOf(handoff.form), sent)
    if (faults.size > 0) return again(422, faults)
    const { error } = HandoffAnswer.safeParse({ answer })
    if (error !== undefined) {
      return again(
        422,
        new Map([['', `The answer ${error.issues[0]?.message ?? 'cannot be kept'}`]]),
      )
    }
    const { workspaceId, id } = link
    const isAllowed = (locked: LockedHandoff): boolean => isFor(link, locked)
    const given = { workspaceId, id, answer, by: `${name} (by link)`, isAllowed }
    const answered = await answerHandoff(parts, given)
    switch (answered.kind) {
      case 'answered':
        return [200, renderNotice('Thank you', 'Your answer is taken; you can close this page.')]
      case 'gone':
        return NONE
      case 'over':
        return [409, renderOver(answered.handoff)]
      case 'refused':
        return again(
          422,
          new Map(answered.issues.map(({ path, message }) => [topOf(path), message])),
        )
    }
  }

  function ask(
    link: OpenedLink,
    handoff: Handoff,
    sent: Sent | null,
    faults: ReadonlyMap<string, string>,
  ): string {
    const nonce = link.createNonce(clock.now())
    const { claimed_by, assign, form } = handoff
    const person = claimed_by ?? (assign?.startsWith('team:') === true ? '' : (assign ?? ''))
    const name = sent?.get('by') ?? person
    return renderAsk({ handoff, fields: fieldsOf(form), nonce, sent, name, faults })
  }

  const send = (reply: FastifyReply, [status, html]: Page): FastifyReply =>
    reply.code(status).headers(PAGE_HEADERS).send(html)

  void app.register(async (scope) => {
    scope.removeAllContentTypeParsers()
    scope.addContentTypeParser(
      FORM,
      { parseAs: 'string', bodyLimit: BODY_BYTES_MAX },
      (_, body, done) => done(null, new URLSearchParams(String(body))),
    )
    const url = `${LINK_PATH}:token`
    scope.get(url, async ({ params }: LinkRequest, reply) => send(reply, await show(params.token)))
    scope.post(url, async ({ params, body }: LinkRequest, reply) => {
      const sent = body instanceof URLSearchParams ? body : new URLSearchParams()
      return send(reply, await take(params.token, sent))
    })
  })
}

const isFor = (link: OpenedLink, { handoff, revision }: LockedHandoff): boolean =>
  link.fits({
    workspaceId: link.workspaceId,
    id: handoff.id,
    assign: handoff.assign,
    dueAt: new Date(handoff.due_at),
    revision,
  })

const NONE: Page = [
  404,
  renderNotice(
    'This link opens nothing',
    'Its time may be over, or somebody else was asked instead.',
  ),
]

function renderOver({ status, title, answered_by, answered_at }: Handoff): string {
  if (status === 'answered') {
    const when = answered_at === null ? '' : ` on ${renderInstant(answered_at)}`
    return renderNotice(title, `It was answered by ${answered_by ?? 'somebody'}${when}.`)
  }
  return renderNotice(title, 'Nobody needs an answer any more.')
}

const readName = (sent: Sent): string | null => {
  const name = (sent.get('by') ?? '')
    .replace(/\p{Cc}/gu, '')
    .trim()
    .slice(0, NAME_MAX)
  return name === '' ? null : storableText(name)
}

/** The field that a fault inside of it belongs to. */
const topOf = (path: string): string => path.split('.')[0] ?? ''
