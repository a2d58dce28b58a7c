import { CurlBlock } from '../components/curl-block.tsx'
import type { CurlCall } from '../curl/curl-command.ts'

/** What a form is about to call, for those who want to see it or to keep it. */
export function Commands({ calls }: { readonly calls: readonly Pick<CurlCall, 'method' | 'path' | 'body'>[] }) {
  return (
    <details className="commands">
      <summary>As a command</summary>
      <div>
        {calls.map((call) => (
          <CurlBlock key={JSON.stringify(call)} call={call} />
        ))}
      </div>
    </details>
  )
}
