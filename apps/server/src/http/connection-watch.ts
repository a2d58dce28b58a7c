import type { ServerResponse } from 'node:http'

/** Tells a request whether its caller is still there. */
export interface ConnectionWatch {
  /** Calls once, if the connection ends before the whole answer was written to it. */
  onceGone(listener: () => void): void
}

/** Of a request that Node's HTTP server brought. */
export function watchResponse(response: ServerResponse): ConnectionWatch {
  return {
    onceGone(listener) {
      response.once('close', () => {
        if (!response.writableFinished) listener()
      })
    },
  }
}
