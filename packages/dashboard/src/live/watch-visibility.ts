/** A hidden tab keeps its stream this long: HTTP/1.1 allows six connections to a host. */
const HIDDEN_MS = 30_000

interface VisibilityHandlers {
  onHidden: () => void
  onShown: () => void
}

/** Tells of a tab that stays hidden, and of its return; answers how to stop watching. */
export function watchVisibility({ onHidden, onShown }: VisibilityHandlers): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined
  const check = (): void => {
    clearTimeout(timer)
    if (document.hidden) timer = setTimeout(onHidden, HIDDEN_MS)
    else onShown()
  }
  document.addEventListener('visibilitychange', check)
  return () => {
    clearTimeout(timer)
    document.removeEventListener('visibilitychange', check)
  }
}
