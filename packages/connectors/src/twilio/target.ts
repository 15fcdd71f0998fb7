import { type DialType, ConnectorFault, checkDialTarget } from '@bookend/core'
import type { Context } from './rest.ts'

/**
 * The number to reach, in E.164 form.
 *
 * @throws {ConnectorFault} It is none, or none that the connection may reach (threat C11).
 */
export function targetOf(ctx: Context, raw: string, types: readonly DialType[]): string {
  const { countries, numbers } = ctx.settings
  const e164 = ctx.phone.parse(raw)?.e164
  const verdict =
    e164 === undefined
      ? ({ ok: false, reason: 'not_a_number' } as const)
      : checkDialTarget(e164, { countries, types, numbers })
  if (e164 !== undefined && verdict.ok) return e164
  const detail = verdict.ok ? 'not_a_number' : verdict.reason
  throw new ConnectorFault({ kind: 'refused', detail: `recipient_${detail}` })
}
