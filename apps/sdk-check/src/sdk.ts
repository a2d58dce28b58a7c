import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Client, ToolNeed } from '@stanchion/conformance-clients'
import { SDK_STEPS } from './steps.ts'

const HOME = fileURLToPath(new URL('..', import.meta.url))
const TOP = fileURLToPath(new URL('../../..', import.meta.url))

/** A client that a generator makes from the spec, and a program that uses it. */
export interface Sdk {
  /** What `npm run sdk:check -- <name>` calls it, and its directory below `clients/`. */
  readonly name: string
  /** Below `docs/sdk/`: says to people what is said here, and a test holds both together. */
  readonly page: string
  readonly needs: readonly ToolNeed[]
  /** The pinned versions, in the directory. */
  readonly manifest: string
  readonly spec: 'openapi.yaml' | 'openapi-3.0.yaml'
  /** Prints the steps. */
  readonly helper: URL
  /** Install, generate and build, as a person would in a directory with the files of this one and the spec. */
  readonly commands: readonly string[]
  /** Runs the program. */
  readonly start: string
}

/** The generated client as the runner knows clients. */
export function toClient({ name, needs, manifest, spec, helper, commands, start }: Sdk): Client {
  const specFile = join(TOP, spec)
  return {
    name,
    home: HOME,
    directory: name,
    manifest,
    program: '',
    inputs: [specFile, fileURLToPath(helper)],
    steps: SDK_STEPS,
    toolchain: {
      needs,
      install: (_, { source, installed }) => [
        { command: 'cp', args: ['-R', `${source}/.`, fileURLToPath(helper), specFile, installed] },
        ...commands.map((text) => inShell(text, installed)),
      ],
      start: (_, { installed }) => inShell(start, installed),
    },
  }
}

const inShell = (text: string, cwd: string) => ({
  command: 'sh',
  args: ['-c', text],
  cwd,
  // What a person does not have to say.
  env: {
    npm_config_audit: 'false',
    npm_config_fund: 'false',
    npm_config_ignore_scripts: 'true',
    GOFLAGS: '-mod=readonly',
  },
})
