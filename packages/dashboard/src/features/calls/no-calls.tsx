import { Button } from '../../ui/button.tsx'
import { Command } from '../../ui/command.tsx'
import { Empty } from '../../ui/empty.tsx'
import { CALL_WORDS } from './call-status.tsx'
import type { CallsSearch } from './search.ts'

interface NoCallsProps {
  search: CallsSearch
  onClear: () => void
}

export function NoCalls({ search: { status, from }, onClear }: NoCallsProps) {
  if (status === undefined && from === undefined) {
    return (
      <Empty title="No calls yet">
        <p>A call appears here the moment it comes in. Make a first one from a terminal:</p>
        <Command text="npx bookend call --from +15550100001" />
      </Empty>
    )
  }
  const filters = [
    ...(status === undefined ? [] : [`status “${CALL_WORDS[status]}”`]),
    ...(from === undefined ? [] : [`from exactly ${from}`]),
  ]
  return (
    <Empty title="No call matches" action={<Button onClick={onClear}>Clear filters</Button>}>
      <p>Looked for {filters.join(' and ')}.</p>
    </Empty>
  )
}
