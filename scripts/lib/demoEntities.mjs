import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { workspace } from './folders.mjs';

const folder = join(workspace, 'packages', 'backend', 'demo-catalog');

/** The entities that the demo's catalog files describe, as `kind:default/name`. */
export function demoEntities() {
  return readdirSync(folder)
    .filter(file => file.endsWith('.yaml'))
    .flatMap(file => readFileSync(join(folder, file), 'utf8').split(/^---$/m))
    .flatMap(entityRef);
}

/** The names of the people among them. */
export const demoPeople = () =>
  demoEntities()
    .filter(ref => ref.startsWith('user:'))
    .map(ref => ref.split('/')[1]);

function entityRef(document) {
  const kind = document.match(/^kind: (\S+)$/m)?.[1];
  const name = document.match(/^metadata:\n {2}name: (\S+)$/m)?.[1];
  return kind && name ? [`${kind.toLowerCase()}:default/${name}`] : [];
}
