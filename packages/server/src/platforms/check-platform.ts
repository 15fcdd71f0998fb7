// Whether a connected platform is set up. What it sent itself proves most: a signature that was taken
// shows that secret, address and clock are right.

import type { PlatformChecked, PlatformFinding } from '@bookend/contract'
import type { Context } from '../context.ts'
import { hostedName, hostedPrefix } from '../precall/ask-workflow.ts'
import type { AgentInMemory } from '../snapshot.ts'
import { askPlatform } from './ask-platform.ts'
import type { LivePlatform } from './live-platforms.ts'
import type { DoorRow } from './platform-doors.ts'

/** No platform has a call of this name: a good key is told so, a bad one is refused. */
const NO_CALL = '00000000-0000-4000-8000-000000000000'

type Parts = Pick<Context, 'snapshot' | 'registry' | 'outgoing' | 'platforms' | 'reads'>

export async function checkPlatform(
  parts: Parts,
  live: LivePlatform,
  doors: readonly DoorRow[],
): Promise<PlatformChecked> {
  const findings = [
    ...(live.connection === null ? [unusable(live)] : []),
    ...checkAddress(parts),
    ...(await checkAgents(parts, live)),
    ...(await checkKey(parts, live)),
    ...checkDoor('pre-call', live, doors),
    ...checkDoor('events', live, doors),
  ]
  return { ok: findings.every(({ level }) => level !== 'fault'), findings }
}

const unusable = ({ unusable: code }: LivePlatform): PlatformFinding => ({
  code: code ?? 'unusable',
  level: 'fault',
  detail: 'Its options cannot be used; enter them again',
})

function checkAddress({ platforms }: Parts): readonly PlatformFinding[] {
  const url = platforms.publicUrl()
  const isPublic = /^https:\/\/(?!localhost|127\.|\[::1\])/.test(url)
  if (isPublic) return [{ code: 'address', level: 'ok', detail: `Platforms call ${url}` }]
  const detail = `Platforms cannot call ${url}: set BOOKEND_PUBLIC_URL to the https address they reach`
  return [{ code: 'address_not_public', level: 'warning', detail }]
}

async function checkAgents(parts: Parts, live: LivePlatform): Promise<readonly PlatformFinding[]> {
  const { snapshot } = parts
  const { workspace_id: workspaceId, agents, default_agent_id: standard } = live.row
  const ids = [...new Set([...Object.values(agents), ...(standard === null ? [] : [standard])])]
  if (ids.length === 0) {
    const detail = 'No agent is named: only calls to numbers of this workspace are answered'
    return [{ code: 'no_agent', level: 'warning', detail }]
  }
  const findings: PlatformFinding[] = []
  for (const id of ids) {
    const agent = snapshot.findAgent(workspaceId, id)
    if (agent === undefined) {
      findings.push({ code: 'agent_gone', level: 'fault', detail: `There is no agent ${id}` })
    } else findings.push(...(await checkAgent(parts, live, agent)))
  }
  return findings
}

async function checkAgent(
  { registry, reads }: Parts,
  { connection }: LivePlatform,
  { workspace_id: workspaceId, name, settings }: AgentInMemory,
): Promise<readonly PlatformFinding[]> {
  const { pre_call_webhook_url: url, pre_call_webhook_enabled: isEnabled } = settings
  if (!isEnabled || url === null) {
    const detail = `${name} asks no workflow: it is told its default parameters only`
    return [{ code: 'agent_without_workflow', level: 'warning', detail }]
  }
  if (!url.startsWith(hostedPrefix)) return []
  const workflow = hostedName(url)
  if (registry.preCall(workflow) === null) {
    const detail = `${name} asks for a workflow ${workflow}, which is not here`
    return [{ code: 'workflow_gone', level: 'fault', detail }]
  }
  const { rows } = await reads.query<{ p95: number | null }>(
    `select percentile_cont(0.95) within group (order by duration_ms) as p95 from (
       select duration_ms from runs where workspace_id = $1 and kind = 'pre-call'
         and workflow = $2 order by started_at desc limit 500) recent`,
    [workspaceId, workflow],
  )
  const p95 = rows[0]?.p95 ?? null
  const budgetMs = connection?.budgetMs ?? Infinity
  if (p95 === null || p95 <= budgetMs) return []
  const detail = `${workflow} takes ${Math.round(p95)} ms in 95 of 100 calls; this platform leaves ${budgetMs} ms`
  return [{ code: 'workflow_over_budget', level: 'warning', detail }]
}

async function checkKey(
  { outgoing }: Parts,
  { connection }: LivePlatform,
): Promise<readonly PlatformFinding[]> {
  const request = connection?.hydrationOf(NO_CALL) ?? null
  if (connection === null || request === null) return []
  const result = await askPlatform(outgoing, request)
  if (result.kind === 'failed') {
    const detail = `Its API could not be asked (${result.code}); ends that are lost are not found again`
    return [{ code: 'api_unreachable', level: 'warning', detail }]
  }
  const hydrated = connection.readHydration(result)
  return hydrated.kind === 'refused'
    ? [
        {
          code: 'key_refused',
          level: 'fault',
          detail: `Its API refuses the key: ${hydrated.reason}`,
        },
      ]
    : [{ code: 'key', level: 'ok', detail: 'Its API takes the key' }]
}

function checkDoor(
  door: DoorRow['door'],
  { row }: LivePlatform,
  doors: readonly DoorRow[],
): readonly PlatformFinding[] {
  const found = doors.find((one) => one.connection_id === row.id && one.door === door)
  const name = door === 'events' ? 'events' : 'pre_call'
  const what = door === 'events' ? 'An event' : 'A pre-call request'
  const { last_accepted_at: acceptedAt = null, last_refused_at: refusedAt = null } = found ?? {}
  if (refusedAt !== null && (acceptedAt === null || refusedAt > acceptedAt)) {
    const why = found?.last_refused_why ?? 'no reason is known'
    const detail = `${what} was refused at ${refusedAt.toISOString()}: ${why}`
    return [{ code: `${name}_refused`, level: 'fault', detail }]
  }
  if (acceptedAt === null) {
    const detail = `${what} has never come; make a call, then check again`
    return [{ code: `${name}_never`, level: 'warning', detail }]
  }
  const detail = `${what} was verified at ${acceptedAt.toISOString()}`
  return [{ code: name, level: 'ok', detail }]
}
