import { findFailure } from '../../api/failure.ts'
import { Button } from '../../ui/button.tsx'
import { useMay } from '../session/may.ts'
import { useResolveStep } from './operate.ts'

/** Asks what nobody but a person can tell: whether a step that is maybe done was done. */
export function ResolveStep({ runId, name }: { runId: string; name: string }) {
  const resolve = useResolveStep(runId, name)
  if (!useMay('write')) return null
  return (
    <div className="grid gap-2">
      <p>Look where it would have arrived, and say what is true; the run goes on with that.</p>
      <div className="flex flex-wrap gap-2">
        <Button busy={resolve.isPending} onClick={() => resolve.mutate('was_done')}>
          It was done
        </Button>
        <Button busy={resolve.isPending} onClick={() => resolve.mutate('send_again')}>
          Send it again
        </Button>
      </div>
      <p role="alert" className="text-xs text-failed-ink empty:hidden">
        {resolve.error !== null && findFailure(resolve.error).detail}
      </p>
    </div>
  )
}
