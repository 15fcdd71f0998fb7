import type { Agent } from '@bookend/contract'
import { useState } from 'react'
import { findFailure, findFieldErrors, isStatus } from '../../api/failure.ts'
import { Button } from '../../ui/button.tsx'
import { Notice } from '../../ui/notice.tsx'
import { useMay } from '../session/may.ts'
import { AgentFields } from './agent-fields.tsx'
import {
  type AgentForm,
  editAgent,
  type FieldErrors,
  findChanges,
  parseForm,
} from './agent-form.ts'
import { DeleteAgent } from './delete-agent.tsx'
import { useSaveAgent } from './queries.ts'
import { Warnings } from './warnings.tsx'

interface AgentEditorProps {
  agent: Agent
  /** Reads the agent anew; what was typed is given up for it. */
  reload: () => Promise<Agent | undefined>
}

const NO_ERRORS: FieldErrors = new Map()

export function AgentEditor({ agent, reload }: AgentEditorProps) {
  // What is edited stays the version it was started from, even when a newer one is read meanwhile.
  const [base, setBase] = useState(agent)
  const [form, setForm] = useState(() => editAgent(agent))
  const [errors, setErrors] = useState(NO_ERRORS)
  const [isUnchanged, setIsUnchanged] = useState(false)
  const mayWrite = useMay('write')
  const save = useSaveAgent()
  const isConflict = isStatus(save.error, 409)

  const change = (part: Partial<AgentForm>): void => {
    setForm({ ...form, ...part })
    setIsUnchanged(false)
  }
  const startFrom = (fresh: Agent): void => {
    setBase(fresh)
    setForm(editAgent(fresh))
    setErrors(NO_ERRORS)
  }
  const submit = (): void => {
    const parsed = parseForm(form)
    if (!parsed.ok) return setErrors(parsed.errors)
    setErrors(NO_ERRORS)
    const body = findChanges(base, parsed.fields)
    if (Object.keys(body).length === 0) return setIsUnchanged(true)
    save.mutate(
      { id: base.id, version: base.version, body },
      {
        onSuccess: startFrom,
        onError: (error) => setErrors(findFieldErrors(error)),
      },
    )
  }
  const takeTheirs = async (): Promise<void> => {
    const fresh = await reload()
    if (fresh === undefined) return
    startFrom(fresh)
    save.reset()
  }

  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        submit()
      }}
      className="grid grid-cols-1 gap-4"
    >
      {isConflict && (
        <Notice
          state="cut"
          title="Somebody else changed this agent."
          action={<Button onClick={() => void takeTheirs()}>Load the stored version</Button>}
        >
          <p>
            You started from version {base.version}. Nothing was saved, and what you typed is still
            here; loading the stored version drops it.
          </p>
        </Notice>
      )}
      {save.error !== null && !isConflict && <SaveFailed error={save.error} errors={errors} />}
      <Warnings warnings={save.data?.warnings ?? []} />
      {!mayWrite && <p className="text-muted">Your key may read agents but not change them.</p>}
      <fieldset disabled={!mayWrite} className="min-w-0">
        <AgentFields
          form={form}
          errors={errors}
          tokenMask={base.pre_call_webhook_auth_token}
          storedTarget={base.pre_call_webhook_url}
          onChange={change}
        />
        <div className="mt-4 flex flex-wrap items-center gap-3">
          <Button type="submit" look="primary" busy={save.isPending}>
            Save agent
          </Button>
          <output className="text-muted">
            {isUnchanged
              ? 'Nothing has changed.'
              : save.isSuccess
                ? `Saved as version ${base.version}.`
                : `Version ${base.version}`}
          </output>
          <div className="ml-auto">
            <DeleteAgent agent={base} />
          </div>
        </div>
      </fieldset>
    </form>
  )
}

function SaveFailed({ error, errors }: { error: Error; errors: FieldErrors }) {
  const { title, detail, code } = findFailure(error)
  return (
    <Notice state="failed" title={`Not saved. ${title}.`}>
      <p>{errors.size > 0 ? 'See the fields below.' : `${detail} (${code})`}</p>
    </Notice>
  )
}
