export { type EmbeddedPostgres, type EmbeddedPostgresOptions, startPostgres } from './start-postgres.js';
