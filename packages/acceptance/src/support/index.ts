export * from './axe';
export * from './BuiltApp';
export * from './cluster';
export * from './demo';
export * from './Person';
export * from './Shell';
export * from './until';
export * from './PersonInBrowser';
