import type { Platform, PlatformChecked, PlatformFinding, PlatformSetUp } from '@bookend/contract'
import type { Io } from '../terminal/io.ts'
import { printable } from '../terminal/text.ts'

export function renderPlatform(platform: Platform): string[] {
  const agents = Object.entries(platform.agents).map(([theirs, ours]) => `${theirs} = ${ours}`)
  const door = ({ last_accepted_at: at, last_refused_why: why }: Platform['events']) =>
    `${at ?? 'never'}${why === null ? '' : `, last refused: ${why}`}`
  const lines: readonly (readonly [string, string])[] = [
    ['platform', `${platform.platform}/${platform.name}`],
    ['status', platform.unusable ?? 'ok'],
    ['options', JSON.stringify(platform.options)],
    ['agents', agents.join(', ') || 'none'],
    ['all others', platform.default_agent_id ?? 'by the number that was called'],
    ['analysis', describeWait(platform.analysis_wait_minutes)],
    ['pre-call', platform.pre_call.url],
    ['', door(platform.pre_call)],
    ['events', platform.events.url],
    ['', door(platform.events)],
  ]
  return lines.map(([name, value]) => `${name.padEnd(14)}${printable(value)}`)
}

const describeWait = (minutes: number | null): string =>
  minutes === null ? 'not waited for' : `waited for, ${minutes} minutes at most`

/** What is to be set on the platform's side, or what was. */
export function renderSetUp({ steps }: PlatformSetUp, { style }: Pick<Io, 'style'>): string[] {
  return steps.flatMap((step, at) => [
    '',
    `${at + 1}. ${style.bold(printable(step.title))}`,
    `   ${printable(step.detail)}`,
    ...Object.entries(step.settings ?? {}).flatMap(([name, value]) => renderSetting(name, value)),
    ...step.requests.map((request) => renderRequest(request, style)),
  ])
}

function renderSetting(name: string, value: unknown): string[] {
  if (typeof value !== 'object' || value === null)
    return [`     ${name}: ${printable(String(value))}`]
  const [first = '', ...rest] = JSON.stringify(value, null, 2).split('\n')
  return [`     ${name}: ${first}`, ...rest.map((line) => `     ${line}`)]
}

function renderRequest(
  { method, url, status, error }: PlatformSetUp['steps'][number]['requests'][number],
  style: Io['style'],
): string {
  const glyph = error !== null ? style.red('✗') : status === null ? '–' : style.green('✓')
  return `   ${glyph} ${method} ${printable(url)}${error === null ? '' : `: ${printable(error)}`}`
}

export function renderChecked(
  name: string,
  { ok, findings }: PlatformChecked,
  { style }: Pick<Io, 'style'>,
): string[] {
  const glyphs: Record<PlatformFinding['level'], string> = {
    ok: style.green('✓'),
    warning: style.yellow('!'),
    fault: style.red('✗'),
  }
  return [
    `${ok ? glyphs.ok : glyphs.fault} ${name}`,
    ...findings.map(({ level, detail }) => `  ${glyphs[level]} ${printable(detail)}`),
  ]
}
