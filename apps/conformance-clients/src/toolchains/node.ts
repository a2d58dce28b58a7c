import { join } from 'node:path'
import type { Toolchain } from '../toolchain.ts'

/** On the Node that runs this. */
export const node: Toolchain = {
  needs: [{ command: 'npm', args: ['--version'], before: '', atLeast: [8, 0] }],
  install: ({ manifest, program }, { source, installed }) => [
    // A module finds its packages beside itself, so the program goes where they are.
    { command: 'cp', args: [...[manifest, 'package-lock.json', program].map((file) => join(source, file)), installed] },
    {
      command: 'npm',
      args: ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error', '--prefix', installed],
    },
  ],
  start: ({ program }, { installed }) => ({ command: process.execPath, args: [join(installed, program)] }),
}
