import type { Platform, PlatformFinding } from '@bookend/contract'
import { findFailure } from '../../api/failure.ts'
import type { State } from '../../theme/states.ts'
import { Button } from '../../ui/button.tsx'
import { StateGlyph } from '../../ui/state-badge.tsx'
import { useCheckPlatform } from './queries.ts'

const STATES = {
  ok: 'ok',
  warning: 'default',
  fault: 'failed',
} as const satisfies Record<PlatformFinding['level'], State>
const INKS = {
  ok: '',
  warning: 'text-default-ink',
  fault: 'text-failed-ink',
} as const satisfies Record<PlatformFinding['level'], string>

/** What came from the platform, what its API says, and whether its agents' workflows are here. */
export function CheckPlatform({ platform }: { platform: Platform }) {
  const check = useCheckPlatform(platform)
  return (
    <div className="grid gap-2">
      <div>
        <Button busy={check.isPending} onClick={() => check.mutate()}>
          Check platform
        </Button>
      </div>
      <output className="grid gap-1 empty:hidden">
        {check.data?.findings.map(({ code, level, detail }, at) => (
          <p key={`${code} ${at}`} className={`flex items-start gap-2 ${INKS[level]}`}>
            <StateGlyph state={STATES[level]} className="mt-1" />
            <span className="min-w-0 [overflow-wrap:anywhere]">{detail}</span>
          </p>
        ))}
        {check.error !== null && (
          <p className="text-failed-ink">{findFailure(check.error).detail}</p>
        )}
      </output>
    </div>
  )
}
