export { createSessions } from './createSessions';
export type { CreateSessionsOptions, Sessions } from './createSessions';
export type { LiveSessions, SessionOpener } from './types';
