import { chmodSync, existsSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Where Debian's package `faketime` puts its library. */
const LIBRARIES = ['x86_64', 'aarch64'].map((machine) => `/usr/lib/${machine}-linux-gnu/faketime/libfaketime.so.1`)
const FILE = 'offset'

/** Why no program of this machine can be given a clock of its own; `undefined` when it can. */
export function missingForFakedClock(): string | undefined {
  return findLibrary() === undefined ? "it needs libfaketime, of Debian's package faketime" : undefined
}

/** The wall clock of some processes, which can be stepped while they run. What measures how long something takes is not touched. */
export class FakedClock {
  readonly #directory: string
  #offsetMs = 0
  /** What the processes are started with. */
  readonly env: Readonly<Record<string, string>>

  /** @throws Error where `missingForFakedClock` says why */
  constructor() {
    const library = findLibrary()
    if (library === undefined) throw new Error(missingForFakedClock())
    this.#directory = mkdtempSync(join(tmpdir(), 'stanchion-clock-'))
    // Postgres runs as another user.
    chmodSync(this.#directory, 0o755)
    this.#write()
    this.env = {
      LD_PRELOAD: library,
      FAKETIME_TIMESTAMP_FILE: join(this.#directory, FILE),
      // All processes see a step at the same moment.
      FAKETIME_NO_CACHE: '1',
      FAKETIME_DONT_FAKE_MONOTONIC: '1',
    }
  }

  step(byMs: number): void {
    this.#offsetMs += byMs
    this.#write()
  }

  /** Forgets it, when the processes have ended. */
  remove(): void {
    rmSync(this.#directory, { recursive: true })
  }

  /** By a rename, so that nobody reads half of it. */
  #write(): void {
    const file = join(this.#directory, FILE)
    writeFileSync(`${file}.new`, `${this.#offsetMs < 0 ? '-' : '+'}${Math.abs(this.#offsetMs) / 1000}\n`)
    renameSync(`${file}.new`, file)
  }
}

function findLibrary(): string | undefined {
  return LIBRARIES.find((library) => existsSync(library))
}
