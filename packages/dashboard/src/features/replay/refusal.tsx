import { findFailure, findFieldErrors } from '../../api/failure.ts'

/** Why something could not be tried; a text's faults by line and column. */
export function Refusal({ error }: { error: Error | null }) {
  if (error === null) return null
  const { title, detail } = findFailure(error)
  const faults = [...findFieldErrors(error)]
  return (
    <div role="alert" className="mt-3 text-failed-ink">
      <p>
        {title}. {detail}
      </p>
      {faults.length > 0 && (
        <ul className="mt-1 list-disc pl-5">
          {faults.map(([path, message]) => (
            <li key={path} className="[overflow-wrap:anywhere]">
              <code className="font-mono text-xs">{path}</code> {message}
            </li>
          ))}
        </ul>
      )}
    </div>
  )
}
