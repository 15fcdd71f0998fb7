import { allows, type Scope } from '@bookend/contract'
import { useSession } from './queries.ts'

/** Whether the key that signed in may do what needs `scope`. */
export function useMay(scope: Scope): boolean {
  const { data: session } = useSession()
  return session !== null && session !== undefined && allows(session.scopes, scope)
}
