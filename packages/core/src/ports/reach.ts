/** An address that a host's name stands for. */
export interface ReachableAddress {
  readonly address: string
  readonly family: number
}

/**
 * Which hosts a connector may open a socket to, for protocols other than HTTP. The judgement is the same
 * as that of requests (`HttpPort`): whoever dials uses what `addressesOf` gave, asks again about the
 * peer once the socket is open, and writes nothing before.
 */
export interface ReachPort {
  /**
   * What may be dialled for a name or a literal address.
   *
   * @throws {ConnectorFault} `refused` with `blocked`, or `retry` with `dns_error`.
   */
  addressesOf(host: string, port: number): Promise<readonly ReachableAddress[]>
  /** Whether the peer of an open socket may be talked to. */
  allowsPeer(address: string, port: number): boolean
  /** Whether that may be done without TLS. */
  allowsPlain(address: string): boolean
  /** Whether a socket in this machine's file system may be opened. */
  readonly allowsFiles: boolean
}
