import { CopyText } from './copy-text.tsx'

/** A command to run in a terminal. */
export function Command({ text }: { text: string }) {
  return (
    <div className="mt-3 flex justify-center">
      <div className="max-w-full rounded-control bg-sunken px-3 py-1.5 text-text">
        <CopyText text={text} label="Copy command" />
      </div>
    </div>
  )
}
