import type { BacktestedCall } from '@bookend/contract'
import { useState } from 'react'
import { Check } from '../../ui/field.tsx'
import { compareParameters, type ParameterRow } from './compare.ts'

/** Only what differs, unless all is asked for. */
export function ParameterTable({ call }: { call: BacktestedCall }) {
  const [isWhole, setIsWhole] = useState(false)
  const rows = compareParameters(call)
  const shown = isWhole ? rows : rows.filter(({ isChanged }) => isChanged)
  return (
    <>
      {rows.length > 0 && (
        <div className="px-4 pt-3">
          <Check
            label={`Show all ${rows.length} parameters`}
            checked={isWhole}
            onChange={setIsWhole}
          />
        </div>
      )}
      {shown.length === 0 ? (
        <p className="p-4 text-muted">
          {rows.length === 0
            ? 'Neither answer has a parameter of this workflow.'
            : 'Every parameter is as it was.'}
        </p>
      ) : (
        <div className="relative overflow-x-auto">
          <table className="bk-table w-full">
            <thead>
              <tr>
                <th scope="col">Parameter</th>
                <th scope="col">Then</th>
                <th scope="col">Now</th>
              </tr>
            </thead>
            <tbody>
              {shown.map((row) => (
                <Row key={row.name} row={row} />
              ))}
            </tbody>
          </table>
        </div>
      )}
    </>
  )
}

function Row({
  row: { name, was, now, isChanged, wasMissing, nowMissing },
}: {
  row: ParameterRow
}) {
  return (
    <tr>
      <th scope="row" className="text-text!">
        <code className="font-mono font-normal">{name}</code>
        {isChanged && <span className="ml-2 font-normal text-muted"> changed</span>}
      </th>
      <td>
        <Value value={was} missing={wasMissing} />
      </td>
      <td className={isChanged ? 'font-semibold' : undefined}>
        <Value value={now} missing={nowMissing} />
      </td>
    </tr>
  )
}

function Value({ value, missing }: { value: unknown; missing: string | null }) {
  return (
    <span className="[overflow-wrap:anywhere]">
      {value === undefined ? (
        <span className="text-muted">nothing</span>
      ) : (
        <code className="font-mono text-xs">{JSON.stringify(value)}</code>
      )}
      {missing !== null && (
        <span className="block text-xs font-normal text-muted">
          default: {missing.replaceAll('_', ' ')}
        </span>
      )}
    </span>
  )
}
