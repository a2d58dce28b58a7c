import type { Mutant } from '../mutant.ts'

export const notifyOnly: Mutant = {
  name: 'notify-only',
  about:
    'Nobody is woken but by a notice of another request: no timer knows when something becomes due, and nobody looks by and by.',
  promises: ['G27'],
  checkers: ['liveness after healing'],
  patches: [
    {
      file: 'packages/queue/src/waiting/wait-room.ts',
      find: "    this.#due = new DueTimer(() => this.wake('due'))",
      replace: '    this.#due = new DueTimer(() => undefined)',
    },
    {
      file: 'packages/queue/src/services/safety-tick.ts',
      find: '  if (rooms.length === 0) return',
      replace: '  if (rooms.length >= 0) return',
    },
  ],
  drain: { waitSeconds: 12, idleSecondsMax: 25 },
}
