// The contract's schemas come in with its table of routes. zod compiles them by `eval` where it may
// and asks whether it may by trying, which the security policy reports; so it is told not to.
// Loaded before everything else, because the question is asked when a schema is made.

Object.assign(globalThis, { __zod_globalConfig: { jitless: true } })

export {}
