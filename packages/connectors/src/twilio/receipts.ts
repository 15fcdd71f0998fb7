// What Twilio tells of a message or a call at `status_callback`, signed by `X-Twilio-Signature`.
//
// T1. Signed is the address that was asked for, not the one that a proxy made of it, and every field
//     of the form. The address is made again of the settings and the key, as it was for the send.
// T2. Twilio signs with the account's auth token, whatever credential sent.

import type { ReceiptPort, SeenReceipt } from '@bookend/core'
import { createHmac, timingSafeEqual } from 'node:crypto'
import { callbackUrl } from './callback.ts'
import type { TwilioAuth, TwilioSettings } from './schema.ts'

const KEY = /^[A-Za-z0-9_-]{1,64}$/
const SID = /^(?:SM|MM|CA)[0-9a-f]{32}$/
const STATUS = /^[a-z-]{1,40}$/

export const receipts: ReceiptPort<TwilioSettings, TwilioAuth> = {
  isSetUp: ({ status_callback: callback }, { auth_token: token }) =>
    token !== undefined && callback !== null && isReceiptAddress(callback),
  read({ url, headers, body }, settings, { auth_token: token }) {
    const key = new URL(url, 'http://localhost').searchParams.get('k') ?? ''
    if (!KEY.test(key)) return { ok: false, why: 'no key' }
    const told = callbackUrl(settings, key)
    if (told === null || token === undefined) return { ok: false, why: 'not set up' }
    const form = new URLSearchParams(Buffer.from(body).toString('utf8'))
    const expected = sign(token, told, form)
    const given = Buffer.from(headers['x-twilio-signature'] ?? '', 'base64')
    const isSigned = given.length === expected.length && timingSafeEqual(given, expected)
    if (!isSigned) return { ok: false, why: 'wrong signature' }
    const receipt = readFate(form, key)
    return { ok: true, receipts: receipt === null ? [] : [receipt] }
  },
}

/** Bookend's own; another one's receipts never come here. */
const isReceiptAddress = (callback: string): boolean =>
  /\/receipts\/twilio\/[^/]+$/.test(new URL(callback).pathname)

function sign(token: string, url: string, form: URLSearchParams): Buffer {
  const fields = [...new Set(form.keys())].toSorted().flatMap((name) => {
    const values = [...new Set(form.getAll(name))].toSorted()
    return values.map((value) => name + value)
  })
  return createHmac('sha1', token)
    .update(url + fields.join(''), 'utf8')
    .digest()
}

function readFate(form: URLSearchParams, key: string): SeenReceipt | null {
  const sid = form.get('MessageSid') ?? form.get('CallSid') ?? ''
  const status = form.get('MessageStatus') ?? form.get('CallStatus') ?? ''
  if (!SID.test(sid) || !STATUS.test(status)) return null
  const at = new Date(form.get('Timestamp') ?? Number.NaN)
  const toldAt = Number.isNaN(at.getTime()) ? null : at
  return { key, id: `${sid}:${status}`, status, reference: sid, toldAt }
}
