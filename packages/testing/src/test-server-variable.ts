/** The environment variable that names the server on which tests make their databases, as a connection URL. */
export const TEST_SERVER_VARIABLE = 'STANCHION_TEST_DATABASE_URL'
