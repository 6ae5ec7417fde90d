import { mkdirSync } from 'node:fs';
import { installDependencies } from './dependencies.mjs';
import { cacheFolder } from './folders.mjs';
import { useSuitableNode } from './suitableNode.mjs';

/** Everything that both commands need first. Returns the Node that runs the rest. */
export async function prepareWorkspace(children) {
  mkdirSync(cacheFolder, { recursive: true });
  const node = await useSuitableNode(children);
  await installDependencies(children, node);
  return node;
}
