/** The command that takes a setting back to its default where it was made. @param source as `pg_settings.source` says it */
export function undoSetting(name: string, source: string): string {
  switch (source) {
    case 'user':
      return `It was set for the role: ALTER ROLE … RESET ${name}; then start the servers again.`
    case 'database user':
      return `It was set for the role in this database: ALTER ROLE … IN DATABASE … RESET ${name}; then start the servers again.`
    case 'database':
      return `It was set for the database: ALTER DATABASE … RESET ${name}; then start the servers again.`
    case 'client':
    case 'session':
      return `It was set by the connection: take ${name} out of DATABASE_URL or PGOPTIONS.`
    case 'command line':
    case 'environment variable':
      return `It was given to Postgres at its start: take ${name} out of its command line and start it again.`
    default:
      return `It was set for the server: ALTER SYSTEM RESET ${name}; SELECT pg_reload_conf(). When it stands in postgresql.conf, change it there.`
  }
}
