import type { SeenFrame } from '../fault.ts'
import { type CutPoint, commonStatements, cutPointsOf, faultAt, isStartup, Recording } from './cut-points.ts'
import { judge } from './judge.ts'
import type { Operation, Trial } from './operation.ts'
import { type Claim, Violation } from './rest-api.ts'
import type { ServerBehindProxy } from './sweep-server.ts'

/**
 * How the connections are when an operation begins: `warm`, their statements prepared by the same operation before, or `fresh`, so
 * that they are made, and their statements prepared, while it runs.
 */
export type Mode = 'warm' | 'fresh'

/** An operation, and where it is cut. */
export interface Cut {
  readonly operation: Operation
  readonly mode: Mode
  readonly point: CutPoint
}

/** What came of a cut. */
export interface CutResult {
  readonly cut: Cut
  /** Whether the point was come to; else nothing was tried. */
  readonly isHit: boolean
  readonly claims: ReadonlyMap<string, Claim>
  /** What was wrong, in words. */
  readonly violations: readonly string[]
}

/** Runs until a point is come to: a connection may end by itself, or a background duty may take the one that is prepared. */
const ATTEMPTS_MAX = 3
const LOOKS_MAX = 20

/** Cuts operations of one server, one after the other. */
export class Sweep {
  readonly #server: ServerBehindProxy
  #trials = 0

  constructor(server: ServerBehindProxy) {
    this.#server = server
  }

  /**
   * Learns where the operation can be cut by running it so often uncut: what all runs say is its own, and not that of a background
   * duty beside it. @throws Violation when it does not work uncut
   */
  async learn(operation: Operation, dryRuns: number): Promise<Cut[]> {
    const cuts: Cut[] = []
    for (const mode of ['warm', 'fresh'] as const) {
      const recordings: Recording[] = []
      for (let i = 0; i < dryRuns; i++) recordings.push(await this.#dryRun(operation, mode))
      const statements = commonStatements(recordings)
      const points = cutPointsOf(mode === 'warm' ? statements : statements.filter(isNotWarm))
      cuts.push(...points.map((point) => ({ operation, mode, point })))
    }
    return cuts
  }

  /** Runs the operation, cuts it there, and judges what the server says of it and how the server is afterwards. */
  async cut(cut: Cut): Promise<CutResult> {
    for (let attempt = 1; ; attempt++) {
      const result = await this.#attempt(cut)
      if (result.isHit || result.violations.length > 0 || attempt === ATTEMPTS_MAX) return result
    }
  }

  /** What the server still holds although nobody asks anything of it. @returns what is wrong, in words */
  async leftovers(): Promise<string[]> {
    const { api, proxy } = this.#server
    await proxy.settled()
    let held: string[] = []
    // A duty may be at work, or a connection just be closed: what is held for good is held every time.
    for (let look = 1; look <= LOOKS_MAX; look++) {
      held = []
      for (const name of ['stanchion_waiters', 'stanchion_pool_waiting', 'stanchion_entries_waiting']) {
        const value = await api.metric(name)
        if (value !== 0) held.push(`${name} is ${value}`)
      }
      const pooled = await api.metric('stanchion_pool_connections')
      const real = proxy.connections.filter(({ applicationName, isCut }) => applicationName === 'stanchion' && !isCut)
      if (pooled !== real.length) held.push(`the pool counts ${pooled} connections, and there are ${real.length}`)
      if (held.length === 0) break
    }
    return held
  }

  async #dryRun(operation: Operation, mode: Mode): Promise<Recording> {
    for (let attempt = 1; ; attempt++) {
      const recording = new Recording()
      const trial = await this.#prepare(operation, mode)
      const stop = this.#server.proxy.onFrame((frame) => recording.add(frame))
      const claims = await trial.run()
      stop()
      const wrong = judge(claims, await trial.effects())
      if (wrong.length === 0 && [...claims.values()].every((claim) => claim === 'done')) return recording
      // The server may not have noticed yet that a connection has ended.
      if (wrong.length > 0 || attempt === ATTEMPTS_MAX) {
        throw new Violation(`${operation.name} does not work uncut: ${[...claims.values(), ...wrong].join(', ')}`)
      }
    }
  }

  async #attempt(cut: Cut): Promise<CutResult> {
    const { proxy } = this.#server
    let claims: ReadonlyMap<string, Claim> = new Map()
    let isHit = false
    try {
      const trial = await this.#prepare(cut.operation, cut.mode)
      const fault = proxy.arm(faultAt(cut.point))
      try {
        claims = await trial.run()
      } finally {
        fault.disarm()
        isHit = fault.isHit
      }
      // Until then the statement may still be running, and what it does would be missed.
      await proxy.settled()
      return { cut, isHit, claims, violations: judge(claims, await trial.effects()) }
    } catch (error) {
      if (!(error instanceof Violation)) throw error
      return { cut, isHit, claims, violations: [error.message] }
    }
  }

  async #prepare(operation: Operation, mode: Mode): Promise<Trial> {
    const { proxy } = this.#server
    if (mode === 'warm') await (await operation.prepare(this.#server, this.#nextName())).run()
    const trial = await operation.prepare(this.#server, this.#nextName())
    if (mode === 'warm') return trial
    await proxy.finishIdle(
      ({ applicationName }) => applicationName.startsWith('stanchion') && !applicationName.endsWith('notices'),
    )
    return trial
  }

  #nextName(): string {
    return `sweep-${String(++this.#trials).padStart(6, '0')}`
  }
}

/** On connections that are warm the rest is the same. */
function isNotWarm(statement: { readonly key: string; readonly frames: readonly Pick<SeenFrame, 'type'>[] }): boolean {
  return (
    isStartup(statement) ||
    (statement.key.startsWith('stanchion:') && statement.frames.some(({ type }) => type === 'Parse'))
  )
}
