import { Link, useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { findFailure, findFieldErrors } from '../../api/failure.ts'
import { Button } from '../../ui/button.tsx'
import { Notice } from '../../ui/notice.tsx'
import { PageTitle } from '../../ui/page-title.tsx'
import { AgentFields } from './agent-fields.tsx'
import { EMPTY_FORM, type FieldErrors, parseForm } from './agent-form.ts'
import { useCreateAgent } from './queries.ts'

export function NewAgentScreen() {
  const [form, setForm] = useState(EMPTY_FORM)
  const [errors, setErrors] = useState<FieldErrors>(new Map())
  const create = useCreateAgent()
  const navigate = useNavigate()

  const submit = (): void => {
    const parsed = parseForm(form)
    setErrors(parsed.ok ? new Map() : parsed.errors)
    if (!parsed.ok) return
    create.mutate(parsed.fields, {
      onSuccess: ({ id }) => void navigate({ to: '/agents/$id', params: { id } }),
      onError: (error) => setErrors(findFieldErrors(error)),
    })
  }

  return (
    <>
      <PageTitle
        title="New agent"
        above={
          <Link to="/agents" className="hover:text-text hover:underline">
            Agents
          </Link>
        }
      />
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault()
          submit()
        }}
        className="grid grid-cols-1 gap-4"
      >
        {create.error !== null && (
          <Notice state="failed" title={`Not created. ${findFailure(create.error).title}.`}>
            <p>{errors.size > 0 ? 'See the fields below.' : findFailure(create.error).detail}</p>
          </Notice>
        )}
        <AgentFields
          form={form}
          errors={errors}
          tokenMask={null}
          storedTarget={null}
          onChange={(change) => setForm({ ...form, ...change })}
        />
        <div>
          <Button type="submit" look="primary" busy={create.isPending}>
            Create agent
          </Button>
        </div>
      </form>
    </>
  )
}
