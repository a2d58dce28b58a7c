import type { EntryError } from '@stanchion/client'
import type { Cli } from '../../cli.ts'
import { CliError } from '../../cli-error.ts'
import { plural } from '../../output/plural.ts'
import { startProgress } from '../../output/progress.ts'

/** Failures that are shown to people one by one; more would hide the rest. */
const SHOWN_MAX = 10

/**
 * Follows work that is done in batches, each entry with its own outcome: a count that grows for people, one object an entry
 * for programs.
 */
export class BatchReport {
  readonly #cli: Cli
  readonly #verb: string
  readonly #progress
  #done = 0
  #failed = 0

  /** @param verb what is done to a message: `sent` */
  constructor(cli: Cli, verb: string) {
    this.#cli = cli
    this.#verb = verb
    this.#progress = startProgress(cli.terminal.stderr, verb, 0)
  }

  /**
   * Does a batch. `entries` are shown beside the outcomes, which come in the same order.
   * @param first names the first entry, for the case that nothing is known of the whole batch
   */
  async add<Result extends { readonly error?: EntryError }>(
    entries: readonly object[],
    first: string,
    call: () => Promise<Result[]>,
  ): Promise<void> {
    const results = await call().catch((error: unknown) => {
      this.#progress.stop()
      this.#cli.say(`${plural(this.#done, 'message')} ${this.#verb} before; stopped at ${first}.`)
      throw error
    })
    for (const [index, result] of results.entries()) this.#note({ ...entries[index], ...result })
    this.#progress.update(this.#done + this.#failed, this.#done + this.#failed)
  }

  /** @throws CliError when entries failed */
  finish(): void {
    this.#progress.stop()
    const { output } = this.#cli
    const sentence = `${plural(this.#done, 'message')} ${this.#verb}.`
    if (this.#failed > 0) throw new CliError(`${sentence} ${plural(this.#failed, 'message')} failed.`)
    if (output.isForPeople) output.done(sentence, {})
  }

  #note(entry: { readonly error?: EntryError }): void {
    const { error, ...facts } = entry
    if (error === undefined) this.#done += 1
    else this.#failed += 1
    if (!this.#cli.output.isForPeople) this.#cli.output.lines([entry])
    else if (error !== undefined && this.#failed <= SHOWN_MAX) {
      const names = Object.entries(facts).map(([name, value]) => `${name} ${value}`)
      this.#cli.say(`${names.join(', ')}: ${error.code}: ${error.detail}`)
    }
  }
}
