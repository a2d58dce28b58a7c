import { dirname, join } from 'node:path'
import type { Toolchain } from '../toolchain.ts'
import { python } from './python.ts'

/** Shell scripts around commands that are written in Python. */
export const shell: Toolchain = {
  needs: [{ command: 'bash', args: ['--version'], before: 'version', atLeast: [3, 2] }, ...python.needs],
  install: python.install,
  start(client, places) {
    const bin = dirname(python.start(client, places).command)
    return { command: 'bash', args: [join(places.source, client.program)], env: { PATH: `${bin}:${process.env.PATH}` } }
  },
}
