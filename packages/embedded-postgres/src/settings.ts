/**
 * The settings of the embedded server. They are given on its command line, so that they follow the version of the code,
 * whatever the cluster was made with. fsync, full_page_writes and synchronous_commit keep their default: on.
 */
export const SERVER_SETTINGS: Readonly<Record<string, string>> = {
  // The socket is the only way in.
  listen_addresses: '',
  unix_socket_permissions: '0700',
  max_connections: '100',
  shared_buffers: '256MB',
  // Checkpoints seldom: after each one the first change of a page is logged as a whole page.
  max_wal_size: '4GB',
  // What was written once is written over: all commits wait, some 50 ms, for a log segment that is made anew.
  min_wal_size: '1GB',
  checkpoint_timeout: '15min',
  // Small tables that change all the time want short rounds.
  autovacuum_naptime: '10s',
  // Hot statements are short; compiling them costs more than it saves.
  jit: 'off',
  timezone: 'UTC',
  log_timezone: 'UTC',
  log_line_prefix: '%m [%p] %a ',
  log_checkpoints: 'off',
  logging_collector: 'on',
  log_filename: 'postgres-%Y%m%d-%H%M%S.log',
  log_rotation_size: '10MB',
  log_rotation_age: '1d',
}

/** How many of the server's log files are kept. */
export const LOG_FILES_MAX = 5
