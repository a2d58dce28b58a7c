/** Who speaks: the client of Postgres, or Postgres. */
export type Direction = 'frontend' | 'backend'

/** One message of version 3 of Postgres' protocol, whole. */
export interface Frame {
  /** As the manual of Postgres calls it (`Parse`, `DataRow`, …); `Unknown` with its letter for one that is not in it. */
  readonly type: string
  /** Everything that goes over the wire, letter and length included. */
  readonly bytes: Buffer
}

/** The messages of a client after its startup, by their letter. */
export const FRONTEND_TYPES: Readonly<Record<string, string>> = {
  B: 'Bind',
  C: 'Close',
  D: 'Describe',
  E: 'Execute',
  F: 'FunctionCall',
  H: 'Flush',
  P: 'Parse',
  Q: 'Query',
  S: 'Sync',
  X: 'Terminate',
  c: 'CopyDone',
  d: 'CopyData',
  f: 'CopyFail',
  // Four answers to a request for authentication share this letter.
  p: 'Password',
}

/** The messages of Postgres, by their letter. */
export const BACKEND_TYPES: Readonly<Record<string, string>> = {
  '1': 'ParseComplete',
  '2': 'BindComplete',
  '3': 'CloseComplete',
  A: 'NotificationResponse',
  C: 'CommandComplete',
  D: 'DataRow',
  E: 'ErrorResponse',
  G: 'CopyInResponse',
  H: 'CopyOutResponse',
  I: 'EmptyQueryResponse',
  K: 'BackendKeyData',
  N: 'NoticeResponse',
  R: 'Authentication',
  S: 'ParameterStatus',
  T: 'RowDescription',
  V: 'FunctionCallResponse',
  W: 'CopyBothResponse',
  Z: 'ReadyForQuery',
  c: 'CopyDone',
  d: 'CopyData',
  n: 'NoData',
  s: 'PortalSuspended',
  t: 'ParameterDescription',
  v: 'NegotiateProtocolVersion',
}

/** The messages without a letter that a client may begin with, by the number after their length. */
export const STARTUP_CODES: Readonly<Record<number, string>> = {
  80877102: 'CancelRequest',
  80877103: 'SSLRequest',
  80877104: 'GSSENCRequest',
}
