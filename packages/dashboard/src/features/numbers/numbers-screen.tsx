import { Empty } from '../../ui/empty.tsx'
import { Failed } from '../../ui/failed.tsx'
import { PageTitle } from '../../ui/page-title.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import { TableFrame } from '../../ui/table-frame.tsx'
import { useAgents } from '../agents/queries.ts'
import { useMay } from '../session/may.ts'
import { AddNumber } from './add-number.tsx'
import { NumberRow } from './number-row.tsx'
import { useNumbers } from './queries.ts'

export function NumbersScreen() {
  const { data: numbers, error, refetch } = useNumbers()
  const { data: agents = [] } = useAgents()
  const mayWrite = useMay('write')
  return (
    <>
      <PageTitle title="Numbers" />
      {mayWrite && <AddNumber />}
      {numbers === undefined ? (
        error === null ? (
          <Skeleton what="the numbers" />
        ) : (
          <Failed what="The numbers" error={error} retry={() => void refetch()} />
        )
      ) : numbers.length === 0 ? (
        <Empty title="No numbers yet">
          <p>
            Add the number that people call, then say which agent answers it. A number without an
            agent does not answer.
          </p>
        </Empty>
      ) : (
        <TableFrame label="Numbers">
          <thead>
            <tr>
              <th scope="col">Number</th>
              <th scope="col" className="max-sm:hidden">
                Label
              </th>
              <th scope="col">Answered by</th>
            </tr>
          </thead>
          <tbody>
            {numbers.map((number) => (
              <NumberRow key={number.id} number={number} agents={agents} mayWrite={mayWrite} />
            ))}
          </tbody>
        </TableFrame>
      )}
    </>
  )
}
