import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';

const ROOT = resolve(__dirname, '../../../..');

const markdownIn = (folder: string) =>
  readdirSync(join(ROOT, folder))
    .filter(name => name.endsWith('.md') && !name.endsWith('.api.md'))
    .map(name => join(ROOT, folder, name));

const documents = [
  ...['.', 'docs', 'docs/decisions', 'helm/kubernetes-access'],
  ...readdirSync(join(ROOT, 'plugins')).map(name => `plugins/${name}`),
  'packages/dev-cluster',
]
  .flatMap(markdownIn)
  .map(file => ({ file, name: relative(ROOT, file) }));

/** Headings as a reader's link names them. */
const anchorsOf = (text: string) =>
  [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading]) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );

describe.each(documents)('$name', ({ file }) => {
  it('links to what exists', () => {
    const text = readFileSync(file, 'utf8');
    const links = [...text.matchAll(/\]\((?!\w+:)([^)\s]+)\)/g)].map(
      ([, link]) => link,
    );
    const broken = links.filter(link => {
      const [path, anchor] = link.split('#');
      const target = path ? join(dirname(file), path) : file;
      if (!existsSync(target)) {
        return true;
      }
      return (
        anchor !== undefined &&
        target.endsWith('.md') &&
        !anchorsOf(readFileSync(target, 'utf8')).includes(anchor)
      );
    });
    expect(broken).toEqual([]);
  });
});
