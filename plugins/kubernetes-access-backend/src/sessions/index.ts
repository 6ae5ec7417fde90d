export { CatalogAuthority } from './CatalogAuthority';
export { createSessions } from './createSessions';
export type { CreateSessionsOptions, Sessions } from './createSessions';
export { readExecStatus } from './execStatus';
export { MARK_SUM, SESSION_MARKER, shellCommand } from './shellCommand';
export { sessionUserAgent } from './userAgent';
export type { LiveSessions, SessionAuthority, SessionOpener } from './types';
