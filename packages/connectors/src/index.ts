export * from './http/index.ts'
export * from './smtp/index.ts'
