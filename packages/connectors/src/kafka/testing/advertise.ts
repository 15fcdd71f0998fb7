// What a broker says of itself, changed on its way through a proxy.

type Rewrite = (answer: Buffer, port: number) => Buffer

/** As if the broker stood where the proxy is. */
export function onlyAddress(real: number): Rewrite {
  const host = Buffer.from('\0\x09127.0.0.1')
  const address = Buffer.concat([host, int32(real)])
  return (answer, port) => {
    const own = Buffer.from(answer)
    for (let at = own.indexOf(address); at !== -1; at = own.indexOf(address, at + 1)) {
      own.writeInt32BE(port, at + host.length)
    }
    return own
  }
}

/** And with itself for the controller: the one that it names is none of its brokers. */
export function nearBroker(real: number): Rewrite {
  const rewrite = onlyAddress(real)
  return (answer, port) => {
    const own = rewrite(answer, port)
    const [cluster] = /mockCluster[0-9a-f]+/.exec(own.toString('latin1')) ?? []
    if (cluster === undefined) return own
    const controllerAt = own.indexOf(cluster) + cluster.length
    if (own.readInt32BE(controllerAt) === 0) own.writeInt32BE(1, controllerAt)
    return own
  }
}

function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeInt32BE(value)
  return bytes
}
