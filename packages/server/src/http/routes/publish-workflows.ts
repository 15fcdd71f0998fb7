// Publishing workflows, and what was published before.

import { WORKFLOW_VERSION } from '@bookend/contract'
import type { Context } from '../../context.ts'
import { hostedPrefix } from '../../precall/ask-workflow.ts'
import { readDraft, type ValidDraft, worstCaseOf } from '../../workflows/draft.ts'
import { findPublished } from '../../workflows/published.ts'
import type { Expected, PublishOutcome, UnpublishOutcome } from '../../workflows/publisher.ts'
import { findVersion, listVersions } from '../../workflows/versions.ts'
import { sourceOf } from '../../workflows/yaml-version.ts'
import { getDraft } from '../get-draft.ts'
import type { Access, Asked, Handlers } from '../handlers.ts'
import { invalid, notFound, ProblemError } from '../problem.ts'
import { renderFault, renderSteps, renderVersion, renderWhole } from '../render-workflow.ts'
import { workflowWarnings } from '../workflow-warnings.ts'

export function publishRoutes(context: Context) {
  const { publisher, drafts, database, registry, snapshot, clock } = context

  function refuseOthers({ workspaceId }: Access): void {
    if (publisher.serves(workspaceId)) return
    throw new ProblemError('forbidden', 'The workflows of this server are of another workspace')
  }

  const warn = (draft: ValidDraft, { workspaceId }: Access) =>
    workflowWarnings(
      draft,
      snapshot.agentsAsking(workspaceId, `${hostedPrefix}${draft.workflow.name}`),
    )

  /** What new runs take: the file's, else the one published last. */
  async function findActive(workspaceId: string, name: string): Promise<string | null> {
    const loaded = registry.find(name)
    if (loaded?.origin === 'file') return loaded.version
    return (await findPublished(database, workspaceId, name))?.version ?? null
  }

  return {
    async publishWorkflow({ params: { name }, body, access, asked }) {
      refuseOthers(access)
      const expected = readIfMatch(asked.headers['if-match'])
      const draft = getDraft(drafts, name, body.source, clock.now())
      const by = access.keyLabel === '' ? access.keyId : access.keyLabel
      const outcome = await publisher.publish(draft, expected, by)
      if (outcome.kind !== 'published') throw refusePublishing(name, outcome, expected, asked)
      const { workflow } = outcome
      asked.setHeader('etag', `"${workflow.version}"`)
      return { ...renderWhole(workflow), warnings: warn(draft, access) }
    },

    async unpublishWorkflow({ params: { name }, access: { workspaceId } }) {
      if (!publisher.serves(workspaceId)) throw notFound('workflow')
      const outcome = await publisher.unpublish(name)
      if (outcome.kind !== 'unpublished') throw refuseUnpublishing(name, outcome)
    },

    async checkWorkflow({ params: { name }, body, access }) {
      const draft = readDraft(drafts, name, body.source, clock.now())
      if (draft.kind === 'faulty') {
        return { ...nothing, valid: false, problems: draft.problems.map(renderFault) }
      }
      const { workflow } = draft
      const { kind, version, definition, graph } = workflow
      return {
        valid: true,
        problems: [],
        warnings: warn(draft, access),
        kind,
        version,
        budget_ms: definition.kind === 'pre-call' ? definition.budgetMs : null,
        worst_case_ms: worstCaseOf(workflow),
        steps: graph === null ? [] : renderSteps(graph),
      }
    },

    async listWorkflowVersions({ params: { name }, access: { workspaceId } }) {
      const versions = await listVersions(database, workspaceId, name)
      if (versions.length === 0) throw notFound('workflow')
      const active = await findActive(workspaceId, name)
      return { versions: versions.map((version) => renderVersion(version, active)) }
    },

    async getWorkflowVersion({ params: { name, version }, access: { workspaceId } }) {
      const stored = await findVersion(database, workspaceId, name, version)
      if (stored === null) throw notFound('version')
      const active = await findActive(workspaceId, name)
      return {
        ...renderVersion({ ...stored, version }, active),
        ...(stored.form === 'yaml' ? { source: sourceOf(stored.bundle) } : {}),
      }
    },
  } satisfies Partial<Handlers>
}

const nothing = {
  warnings: [],
  kind: null,
  version: null,
  budget_ms: null,
  worst_case_ms: null,
  steps: [],
}

/** @throws {ProblemError} 422 for what is no version. */
function readIfMatch(header: string | undefined): Expected {
  if (header === undefined) return null
  const text = header.trim()
  if (text === '*') return 'any'
  const [, version = ''] = /^(?:W\/)?"(.*)"$/.exec(text) ?? []
  if (WORKFLOW_VERSION.test(version)) return { version }
  throw invalid('If-Match', 'must be a version in quotes, such as "0123456789abcdef"')
}

function refusePublishing(
  name: string,
  outcome: Exclude<PublishOutcome, { kind: 'published' }>,
  expected: Expected,
  asked: Asked,
): ProblemError {
  switch (outcome.kind) {
    case 'owned_by_file':
      return ownedByFile(name, 'change the file instead')
    case 'in_use': {
      const detail = `"${name}" cannot become another kind of workflow: ${renderUse(outcome.agents)}`
      return new ProblemError('state_conflict', detail)
    }
    case 'changed': {
      const { version } = outcome
      if (version === null) {
        return new ProblemError(
          'version_conflict',
          `There is no published workflow "${name}" any more; leave out If-Match to create it`,
        )
      }
      asked.setHeader('etag', `"${version}"`)
      const now = `"${name}" is at version ${version}`
      const detail =
        expected === null || expected === 'any'
          ? `${now}; send it as If-Match to replace it`
          : `${now}, and was edited from version ${expected.version}`
      const path = 'If-Match'
      return new ProblemError('version_conflict', detail, [
        { path, message: `is now "${version}"` },
      ])
    }
  }
}

function refuseUnpublishing(
  name: string,
  outcome: Exclude<UnpublishOutcome, { kind: 'unpublished' }>,
): ProblemError {
  switch (outcome.kind) {
    case 'absent':
      return notFound('workflow')
    case 'owned_by_file':
      return ownedByFile(name, 'remove the file instead')
    case 'in_use':
      return new ProblemError(
        'state_conflict',
        `"${name}" cannot be unpublished: ${renderUse(outcome.agents)}`,
      )
  }
}

const ownedByFile = (name: string, remedy: string): ProblemError =>
  new ProblemError('state_conflict', `"${name}" is a file of the workflows folder; ${remedy}`)

const SHOWN_MAX = 5

function renderUse(agents: readonly string[]): string {
  const shown = agents.slice(0, SHOWN_MAX).map((name) => `"${name}"`)
  const rest = agents.length - shown.length
  return `agents use it (${shown.join(', ')}${rest > 0 ? ` and ${rest} more` : ''})`
}
