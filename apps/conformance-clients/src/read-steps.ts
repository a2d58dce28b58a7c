export interface Step {
  readonly name: string
  /** Why it failed. */
  readonly problem: string | undefined
}

export interface Told {
  /** The package and version that really ran, as the program found them. */
  readonly using: string | undefined
  readonly steps: readonly Step[]
}

/**
 * Picks out of a program's output what it tells: `using boto3 1.44.8`, then `ok create-queue` or
 * `not ok create-queue: what was wrong`. Everything else is talk of the libraries.
 */
export function readSteps(output: string): Told {
  const lines = output.split('\n').map((line) => line.trimEnd())
  const using = lines.find((line) => line.startsWith('using '))?.slice('using '.length)
  const steps = lines.flatMap((line): Step[] => {
    const [, not, name = '', why = ''] = /^(not )?ok ([a-z][a-z0-9-]*)(?:: (.+))?$/.exec(line) ?? []
    if (name === '') return []
    return [{ name, problem: not === undefined ? undefined : why || 'it did not say why' }]
  })
  return { using, steps }
}
