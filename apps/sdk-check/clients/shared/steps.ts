import { deepStrictEqual } from 'node:assert'

/** What follows in the chapter needs the step that failed. */
class StepFailed extends Error {}

/** Tells the runner what happened: a line for every step, `ok NAME` or `not ok NAME: why`. */
export async function step<T>(name: string, body: () => Promise<T>): Promise<T> {
  try {
    const result = await body()
    console.log(`ok ${name}`)
    return result
  } catch (error) {
    console.log(`not ok ${name}: ${String(error).replace(/\s+/g, ' ')}`)
    console.log(error)
    throw new StepFailed()
  }
}

/** Runs every chapter, also after one that failed. */
export async function run(...chapters: (() => Promise<void>)[]): Promise<void> {
  for (const chapter of chapters) {
    try {
      await chapter()
    } catch (error) {
      if (!(error instanceof StepFailed)) console.log(error)
      process.exitCode = 1
    }
  }
}

export function equal<T>(got: T, expected: T): void {
  deepStrictEqual(got, expected)
}
