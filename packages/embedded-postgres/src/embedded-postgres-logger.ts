/** Where the embedded Postgres reports what it does; a pino logger fits. */
export interface EmbeddedPostgresLogger {
  debug(fields: object, message: string): void
  info(fields: object, message: string): void
  warn(fields: object, message: string): void
  error(fields: object, message: string): void
}

const ignore = () => {}

/** Takes everything and says nothing. */
export const SILENT_LOGGER: EmbeddedPostgresLogger = { debug: ignore, info: ignore, warn: ignore, error: ignore }
