// Apart, so that only the commands that run a server load one; it takes most of a second.
export * as server from '@bookend/server'
