import { setTimeout as pause } from 'node:timers/promises'
import { afterEach } from '@jest/globals'

let testsEnded = 0

afterEach(() => {
  testsEnded += 1
})

/**
 * Looks again and again until the condition holds. That it never does is found by the time limit of the test, and then nobody
 * looks any more: jest would not exit.
 */
export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  const endedBefore = testsEnded
  while (!(await condition())) {
    if (testsEnded > endedBefore) throw new Error('the test has ended')
    await pause(10)
  }
}
