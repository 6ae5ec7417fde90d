/**
 * Types, phase machine, permissions and API client of Kubernetes Access.
 * @packageDocumentation
 */
export * from './resource';
export * from './request';
export * from './session';
export * from './api';
export * from './permissions';
