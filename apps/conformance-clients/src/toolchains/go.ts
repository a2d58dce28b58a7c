import { join } from 'node:path'
import type { Toolchain } from '../toolchain.ts'

const binary = (installed: string) => join(installed, 'program')

/** Installing is building; `go.sum` decides what may come. */
export const go: Toolchain = {
  needs: [{ command: 'go', args: ['version'], before: 'version', atLeast: [1, 24] }],
  install: (_, { installed }) => [{ command: 'go', args: ['build', '-mod=readonly', '-o', binary(installed), '.'] }],
  start: (_, { installed }) => ({ command: binary(installed), args: [] }),
}
