import { type FormEvent, useId, useState } from 'react'
import { findFailure, isStatus } from '../../api/failure.ts'
import { Button } from '../../ui/button.tsx'
import { Mark } from '../../ui/mark.tsx'
import { useSignIn } from './queries.ts'

export function SignIn() {
  const [key, setKey] = useState('')
  const [isEmpty, setIsEmpty] = useState(false)
  const signIn = useSignIn()
  const id = useId()
  const message = isEmpty ? 'Paste an API key first.' : findMessage(signIn.error)

  const submit = (event: FormEvent): void => {
    event.preventDefault()
    const trimmed = key.trim()
    setIsEmpty(trimmed === '')
    if (trimmed !== '') signIn.mutate(trimmed)
  }

  return (
    <main className="flex min-h-dvh items-center justify-center p-4">
      <form
        onSubmit={submit}
        noValidate
        className="w-full max-w-sm rounded-card border border-border bg-surface p-6"
      >
        <Mark />
        <h1 className="mt-6 text-lg">Sign in</h1>
        <p className="mt-1 text-muted">
          Use an API key of your workspace. It becomes a session in this browser and is not kept.
        </p>
        <label htmlFor={id} className="mt-6 block text-xs font-semibold">
          API key
        </label>
        <input
          id={id}
          type="password"
          name="key"
          autoComplete="off"
          spellCheck={false}
          placeholder="bk_…"
          value={key}
          onChange={(event) => setKey(event.target.value)}
          aria-invalid={message !== null}
          aria-describedby={`${id}-error ${id}-help`}
          className="mt-1 h-8 w-full rounded-control border border-control bg-surface px-2 font-mono aria-invalid:border-failed-bar"
        />
        <p id={`${id}-error`} role="alert" className="mt-1 text-xs text-failed-ink empty:hidden">
          {message}
        </p>
        <p id={`${id}-help`} className="mt-2 text-xs text-muted">
          <code className="font-mono">bookend start</code> prints the first key once;{' '}
          <code className="font-mono">POST /api/v1/keys</code> makes more.
        </p>
        <Button type="submit" look="primary" wide busy={signIn.isPending} className="mt-6">
          Sign in
        </Button>
      </form>
    </main>
  )
}

function findMessage(error: Error | null): string | null {
  if (error === null) return null
  if (isStatus(error, 401)) return 'This key is not known, or it was revoked.'
  if (isStatus(error, 422)) return 'This does not look like an API key; it starts with bk_.'
  const { title, detail } = findFailure(error)
  return `${title}. ${detail}`
}
