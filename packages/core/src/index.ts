export type * from './ports/http.ts'
