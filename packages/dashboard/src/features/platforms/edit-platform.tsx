import type { Platform } from '@bookend/contract'
import { useState } from 'react'
import { PlatformForm } from './platform-form.tsx'
import { type Adapter, useUpdatePlatform } from './queries.ts'

interface EditPlatformProps {
  platform: Platform
  adapter: Adapter
}

export function EditPlatform({ platform, adapter }: EditPlatformProps) {
  const update = useUpdatePlatform(platform)
  const [isOpen, setIsOpen] = useState(platform.unusable !== null)
  return (
    <details
      open={isOpen}
      onToggle={({ currentTarget }) => setIsOpen(currentTarget.open)}
      className="rounded-card border border-border bg-surface px-4 py-3"
    >
      <summary className="font-semibold">Change agents or options</summary>
      <PlatformForm
        // What was saved is what the form begins with again, without the secret that was typed.
        key={platform.version}
        adapter={adapter}
        stored={platform}
        action="Save changes"
        busy={update.isPending}
        error={update.error}
        onSubmit={(draft) => update.mutate(draft)}
      />
    </details>
  )
}
