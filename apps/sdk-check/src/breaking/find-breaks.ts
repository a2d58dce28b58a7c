import { fileURLToPath } from 'node:url'
import { go, runCommand, type Toolchain, whatIsMissing } from '@stanchion/conformance-clients'

/** A change after which a client that was made from the older document may no longer work. */
export interface Break {
  /** The kind of change, as oasdiff calls it. */
  readonly id: string
  /** A sentence. */
  readonly text: string
  /** Absent where the change is of no single operation. */
  readonly operationId?: string | undefined
}

export type Comparison =
  | { readonly outcome: 'compared'; readonly breaks: readonly Break[] }
  | { readonly outcome: 'unavailable'; readonly why: string }

/** Pins oasdiff. */
const TOOL = fileURLToPath(new URL('../../oasdiff', import.meta.url))
const TIME_LIMIT_MS = 5 * 60_000

const toolchain: Pick<Toolchain, 'needs'> = { needs: go.needs.map((need) => ({ ...need, atLeast: [1, 26] })) }

/** Compares two documents, by their paths; `unavailable` where the tool cannot be had. */
export async function findBreaks(base: string, revision: string): Promise<Comparison> {
  const missing = await whatIsMissing(toolchain)
  if (missing !== undefined) return { outcome: 'unavailable', why: missing }
  const built = await runCommand(goTool('--version'), { cwd: TOOL, timeLimitMs: TIME_LIMIT_MS })
  if (built.exitCode !== 0) {
    return { outcome: 'unavailable', why: `oasdiff cannot be built: ${built.output.trim().split('\n').at(-1)}` }
  }
  const compare = goTool('breaking', '--format', 'json', '--fail-on', 'ERR', base, revision)
  const { exitCode, output } = await runCommand(compare, { cwd: TOOL, timeLimitMs: TIME_LIMIT_MS })
  // 1: there are some.
  if (exitCode !== 0 && exitCode !== 1) throw new Error(`oasdiff failed: ${output}`)
  const found = JSON.parse(output.slice(output.indexOf('['), output.lastIndexOf(']') + 1)) as (Break & {
    level: number
  })[]
  const breaks = found.filter(({ level }) => level === ERROR_LEVEL)
  return { outcome: 'compared', breaks: breaks.map(({ id, text, operationId }) => ({ id, text, operationId })) }
}

/** Below it are warnings: what only might matter. */
const ERROR_LEVEL = 3

const goTool = (...args: string[]) => ({
  command: 'go',
  args: ['tool', 'oasdiff', ...args],
  env: { GOFLAGS: '-mod=readonly' },
})
