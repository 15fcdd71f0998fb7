export function Mark() {
  return (
    <span className="inline-flex items-center gap-2 text-base font-semibold">
      <svg viewBox="0 0 32 32" className="size-6" aria-hidden="true">
        <rect width="32" height="32" rx="7" className="fill-accent" />
        <path
          d="M13 8H9v16h4M19 8h4v16h-4M13 16h6"
          fill="none"
          strokeWidth="3"
          strokeLinecap="round"
          strokeLinejoin="round"
          className="stroke-surface"
        />
      </svg>
      Bookend
    </span>
  )
}
