/**
 * Permission rules of Kubernetes Access for permission policies and other back-end modules.
 * @packageDocumentation
 */
export * from './accessRequestResourceRef';
export * from './rules';
export * from './conditions';
