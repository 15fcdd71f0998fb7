import type { OutgoingRequest } from '../adapter.ts'
import type { TwilioOptions } from './options.ts'

type Account = Pick<TwilioOptions, 'account_sid' | 'auth_token' | 'api_base_url'>

/** A request to Twilio's REST API below the account; null: the connection does not name it. */
export function restRequest(
  { account_sid: account, auth_token: token, api_base_url: base }: Account,
  path: string,
  form?: Extract<OutgoingRequest['body'], object>,
): OutgoingRequest | null {
  if (account === undefined) return null
  const url = `${base.replace(/\/$/, '')}/2010-04-01/Accounts/${account}/${path}.json`
  const authorization = `Basic ${Buffer.from(`${account}:${token}`).toString('base64')}`
  if (form === undefined) {
    return { method: 'GET', url, headers: { authorization, accept: 'application/json' } }
  }
  const type = 'application/x-www-form-urlencoded'
  return { method: 'POST', url, headers: { authorization, 'content-type': type }, body: form }
}
