// Addresses of unix sockets are short: the kernel keeps about a hundred bytes for one.

/** The longest socket path in bytes, its final zero not counted. */
export const socketPathMax = process.platform === 'linux' ? 107 : 103

export const fitsSocketPath = (path: string): boolean => Buffer.byteLength(path) <= socketPathMax
