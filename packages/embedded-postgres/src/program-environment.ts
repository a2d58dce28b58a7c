/**
 * The environment of the Postgres programs: no `PG*` variable of the caller reaches them, messages are in English.
 * @param more what goes beside it
 */
export function programEnvironment(more: Readonly<Record<string, string>> = {}): NodeJS.ProcessEnv {
  return { PATH: process.env.PATH, LC_ALL: 'C', ...more }
}
