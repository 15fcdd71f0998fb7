import { useBlocker } from '@tanstack/react-router'
import { Confirm } from '../../../ui/confirm.tsx'

/** Asks before what was typed is lost: by another screen, a closed tab or a reload. */
export function LeaveGuard({ name, isChanged }: { name: string; isChanged: boolean }) {
  const blocker = useBlocker({
    withResolver: true,
    enableBeforeUnload: isChanged,
    shouldBlockFn: ({ current, next }) => isChanged && current.pathname !== next.pathname,
  })
  return (
    <Confirm
      isOpen={blocker.status === 'blocked'}
      title={`Leave ${name} unpublished?`}
      action="Drop my changes"
      busy={false}
      error={null}
      onConfirm={() => blocker.proceed?.()}
      onClose={() => blocker.reset?.()}
    >
      <p>What you typed is kept nowhere else, and is lost when you leave.</p>
    </Confirm>
  )
}
