import { Empty } from '../../ui/empty.tsx'
import { Failed } from '../../ui/failed.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import { TableFrame } from '../../ui/table-frame.tsx'
import { CreatePerson } from './create-person.tsx'
import { PersonRow } from './person-row.tsx'
import { usePeople } from './queries.ts'

/** Who works here, each with a role and a key of their own to sign in with. */
export function People() {
  const { data: people, error, refetch } = usePeople()
  return (
    <>
      <CreatePerson />
      {people === undefined ? (
        error === null ? (
          <Skeleton what="the people" rows={3} />
        ) : (
          <Failed what="The people" error={error} retry={() => void refetch()} />
        )
      ) : people.length === 0 ? (
        <Empty title="Nobody is named yet">
          <p>Add the people who look at calls, so that the audit log can say who did what.</p>
        </Empty>
      ) : (
        <TableFrame label="People">
          <thead>
            <tr>
              <th scope="col">Person</th>
              <th scope="col">Role</th>
              <th scope="col">Team</th>
              <th scope="col" className="max-sm:hidden">
                Last seen
              </th>
              <th scope="col">
                <span className="sr-only">Actions</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {people.map((person) => (
              <PersonRow key={person.id} person={person} />
            ))}
          </tbody>
        </TableFrame>
      )}
    </>
  )
}
