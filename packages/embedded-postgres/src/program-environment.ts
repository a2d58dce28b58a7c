/** The environment of the Postgres programs: no `PG*` variable of the caller reaches them, messages are in English. */
export function programEnvironment(): NodeJS.ProcessEnv {
  return { PATH: process.env.PATH, LC_ALL: 'C' }
}
