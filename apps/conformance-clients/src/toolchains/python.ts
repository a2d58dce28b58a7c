import { join } from 'node:path'
import type { Toolchain } from '../toolchain.ts'

const bin = (installed: string, name: string) => join(installed, 'venv', 'bin', name)

/** A virtual environment for each client. Not every system that has Python has the module that makes one. */
export const python: Toolchain = {
  needs: [
    { command: 'python3', args: ['--version'], before: 'Python', atLeast: [3, 10] },
    { command: 'python3', args: ['-c', 'import ensurepip, venv; print("venv 1")'], before: 'venv', atLeast: [1, 0] },
  ],
  install: ({ manifest }, { source, installed }) => [
    { command: 'python3', args: ['-m', 'venv', join(installed, 'venv')] },
    {
      command: bin(installed, 'python'),
      args: ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '-r', join(source, manifest)],
    },
  ],
  start: ({ program }, { source, shared, installed }) => ({
    command: bin(installed, 'python'),
    args: [join(source, program)],
    env: { PYTHONPATH: shared, PYTHONDONTWRITEBYTECODE: '1' },
  }),
}
