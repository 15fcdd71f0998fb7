import type { ConnectionAuth, Connector, JsonObject } from '@bookend/contract'
import { type FormEvent, type ReactNode, useState } from 'react'
import { findFailure } from '../../api/failure.ts'
import { Button } from '../../ui/button.tsx'
import { Field } from '../../ui/field.tsx'
import {
  fillIn,
  type FormValues,
  readFields,
  readSignIns,
  readValues,
  type SignIn,
} from './connection-form.ts'
import { errorsByPath } from './errors-by-path.ts'
import { SettingField } from './setting-field.tsx'

export interface Account {
  settings: JsonObject
  /** Undefined: what is stored stays. */
  auth?: JsonObject | null
}

interface AccountFormProps {
  connector: Connector
  /** What is stored; absent for a new connection. */
  stored?: { settings: Readonly<Record<string, unknown>>; auth: ConnectionAuth | null }
  /** Above the settings. */
  children?: ReactNode
  action: string
  busy: boolean
  error: unknown
  onSubmit: (account: Account) => void
}

const NOTHING: FormValues = {}
const FAULTLESS: ReadonlyMap<string, string> = new Map()

/** The settings and credential of an account, as its connector describes them. */
export function AccountForm(props: AccountFormProps) {
  const { connector, stored, children, action, busy, error, onSubmit } = props
  const fields = readFields(connector.settings)
  const signIns = readSignIns(connector.auth)
  const [settings, setSettings] = useState(() => fillIn(fields, stored?.settings ?? {}))
  const [auth, setAuth] = useState(NOTHING)
  const [signInId, setSignInId] = useState(
    () => firstOf(signIns, stored?.auth?.kind ?? null)?.id ?? '',
  )
  const [keepsAuth, setKeepsAuth] = useState(stored !== undefined && stored.auth !== null)
  const [wrong, setWrong] = useState(FAULTLESS)
  const signIn = signIns.find(({ id }) => id === signInId) ?? signIns[0]
  const refused = errorsByPath(error)
  const errorOf = (path: string): string | undefined => wrong.get(path) ?? refused.get(path)
  const shown = new Set([
    'name',
    ...fields.map(({ name }) => `settings.${name}`),
    ...(signIn?.fields ?? []).map(({ name }) => `auth.${name}`),
  ])
  const isElsewhere = error !== null && ![...refused.keys()].some((path) => shown.has(path))

  const submit = (event: FormEvent): void => {
    event.preventDefault()
    const one = readValues(fields, settings)
    const two = readValues(keepsAuth ? [] : (signIn?.fields ?? []), auth)
    const faults = new Map([
      ...[...one.wrong].map(([name, message]) => [`settings.${name}`, message] as const),
      ...[...two.wrong].map(([name, message]) => [`auth.${name}`, message] as const),
    ])
    setWrong(faults)
    if (faults.size > 0) return
    const fixed = signIn?.fixed ?? null
    const sent = fixed === null ? null : { ...fixed, ...two.sent }
    onSubmit({ settings: one.sent, ...(keepsAuth ? {} : { auth: sent }) })
  }

  return (
    <form noValidate onSubmit={submit} className="mt-3 grid max-w-2xl gap-4">
      {children}
      {fields.map((field) => (
        <SettingField
          key={field.name}
          field={field}
          value={settings[field.name]}
          error={errorOf(`settings.${field.name}`)}
          onChange={(value) => setSettings({ ...settings, [field.name]: value })}
        />
      ))}
      <fieldset className="grid gap-4">
        <legend className="mb-2 text-xs font-semibold">Credential</legend>
        {keepsAuth ? (
          <div className="grid justify-items-start gap-1">
            <Button onClick={() => setKeepsAuth(false)}>Replace credential</Button>
            <p className="text-xs text-muted">
              What is stored stays, unless the settings lead to another address: then it is asked
              for again.
            </p>
          </div>
        ) : (
          <>
            {signIns.length > 1 && (
              <Field label="Sign in">
                {(control) => (
                  <select
                    {...control}
                    value={signIn?.id}
                    onChange={({ target }) => setSignInId(target.value)}
                  >
                    {signIns.map(({ id, label }) => (
                      <option key={id} value={id}>
                        {label}
                      </option>
                    ))}
                  </select>
                )}
              </Field>
            )}
            {signIn?.fields.map((field) => (
              <SettingField
                key={`${signIn.id}.${field.name}`}
                field={field}
                value={auth[field.name]}
                error={errorOf(`auth.${field.name}`)}
                onChange={(value) => setAuth({ ...auth, [field.name]: value })}
              />
            ))}
          </>
        )}
      </fieldset>
      {isElsewhere && (
        <p role="alert" className="text-failed-ink">
          {findFailure(error).detail}
        </p>
      )}
      <div>
        <Button type="submit" look="primary" busy={busy}>
          {action}
        </Button>
      </div>
    </form>
  )
}

/** The one in use; else one with a credential, which is not left out by accident. */
const firstOf = (signIns: readonly SignIn[], kind: string | null): SignIn | undefined =>
  signIns.find(({ id }) => id === kind) ??
  signIns.find(({ fields }) => fields.length > 0) ??
  signIns[0]
