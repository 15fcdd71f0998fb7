/**
 * Starts work at once and tells how it ends. Every promise costs under the storage that tells steps
 * apart, so work that brings none is told at once, and a promise is not wrapped in another.
 */
export function settle<T>(
  start: () => T | PromiseLike<T>,
  onValue: (value: T) => void,
  onError: (error: unknown) => void,
): void {
  let begun: T | PromiseLike<T>
  try {
    begun = start()
  } catch (error) {
    onError(error)
    return
  }
  // An object may be thenable without being a promise, and its `then` may throw.
  if (typeof begun === 'object' || typeof begun === 'function') {
    Promise.resolve(begun).then(onValue, onError)
  } else {
    onValue(begun)
  }
}
