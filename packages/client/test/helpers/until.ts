import { setTimeout as pause } from 'node:timers/promises'

/** Looks again and again until the condition holds. That it never does is found by the time limit of the test. */
export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await pause(10)
}
