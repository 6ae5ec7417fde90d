import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { ConfigReader } from '@backstage/config';
import { parse } from 'yaml';
import { readKubernetesAccessOptions } from './readKubernetesAccessOptions';

const ROOT = resolve(__dirname, '../../../..');

/** The blocks of app-config in a document that set something of ours. */
function examplesIn(document: string): string[] {
  const text = readFileSync(resolve(ROOT, document), 'utf8');
  return [...text.matchAll(/```yaml\n(.*?)```/gs)]
    .map(([, block]) => block)
    .filter(block => /^ *kubernetesAccess:/m.test(block));
}

const examples = [
  'docs/install.md',
  'plugins/kubernetes-access-backend/README.md',
].flatMap(document =>
  examplesIn(document).map(example => ({ document, example })),
);

describe('the examples of app-config', () => {
  it('are there', () => {
    expect(examples.length).toBeGreaterThan(1);
  });

  it.each(examples)('can be used: $document', ({ example }) => {
    const withSecrets = example.replace(/\$\{\w+\}/g, 's'.repeat(32));
    const options = readKubernetesAccessOptions(
      new ConfigReader(parse(withSecrets)),
    );
    expect(options.clusters.map(({ name }) => name)).toEqual(['production']);
  });
});
