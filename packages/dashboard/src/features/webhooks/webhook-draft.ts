// What is typed into the form of a webhook, and what it says.

import { ownEventTypes, type Subscription } from '@bookend/contract'

export interface Draft {
  url: string
  description: string
  types: ReadonlySet<string>
  /** Types that are not Bookend's own, with commas between. */
  otherTypes: string
  rate: string
  isFull: boolean
}

export interface DraftFields {
  url: string
  description: string
  event_types: string[]
  payload: 'thin' | 'full'
  rate_per_second: number | null
}

type Parsed = { ok: true; fields: DraftFields } | { ok: false; rateError: string }

export const emptyDraft: Draft = {
  url: '',
  description: '',
  types: new Set(),
  otherTypes: '',
  rate: '',
  isFull: false,
}

const isOwn = (type: string): boolean => ownEventTypes.some((own) => own === type)

export const draftOf = (webhook: Subscription): Draft => ({
  url: webhook.url,
  description: webhook.description,
  types: new Set(webhook.event_types.filter(isOwn)),
  otherTypes: webhook.event_types.filter((type) => !isOwn(type)).join(', '),
  rate: webhook.rate_per_second === null ? '' : String(webhook.rate_per_second),
  isFull: webhook.payload === 'full',
})

export function parseDraft(draft: Draft): Parsed {
  const rate = draft.rate.trim().replace(',', '.')
  const perSecond = rate === '' ? null : Number(rate)
  if (perSecond !== null && !(perSecond >= 0.1 && perSecond <= 1_000)) {
    return { ok: false, rateError: 'must be a number from 0.1 to 1000, or empty' }
  }
  const others = draft.otherTypes.split(/[\s,]+/).filter((type) => type !== '')
  return {
    ok: true,
    fields: {
      url: draft.url.trim(),
      description: draft.description.trim(),
      event_types: [...new Set([...draft.types, ...others])],
      payload: draft.isFull ? 'full' : 'thin',
      rate_per_second: perSecond,
    },
  }
}
