import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

const DOCUMENT = resolve(__dirname, '../../../../docs/security-model.md');
const RULES = 13;
/** A line that names a test: `- [file](path): _its title_`. */
const NAMED_TEST = /^- \[([^\]]+)\]\(([^)]+)\): _(.+)_$/;

const text = readFileSync(DOCUMENT, 'utf8');

const rules = text
  .split(/^## /m)
  .find(section => section.startsWith('The thirteen rules'))!
  .split(/^### /m)
  .slice(1)
  .map(section => ({
    title: section.slice(0, section.indexOf('\n')),
    section,
    tests: section
      .split('\n')
      .filter(line => line.startsWith('- '))
      .map(line => ({ line, match: NAMED_TEST.exec(line) })),
  }));

const links = [...text.matchAll(/\]\((?!http)([^)#]+)(?:#[^)]*)?\)/g)].map(
  ([, path]) => path,
);

const fileOf = (path: string) => join(dirname(DOCUMENT), path);

describe('docs/security-model.md', () => {
  it('has each of the thirteen rules once, in order', () => {
    expect(rules.map(({ title }) => title.split('.')[0])).toEqual(
      Array.from({ length: RULES }, (_, index) => String(index + 1)),
    );
  });

  it('links to files that exist', () => {
    expect(links.filter(path => !existsSync(fileOf(path)))).toEqual([]);
  });

  describe.each(rules)('$title', ({ section, tests }) => {
    it('says where it is enforced', () => {
      expect(section).toMatch(/^Where: /m);
    });

    it('names at least three tests that fail without it', () => {
      expect(tests.length).toBeGreaterThanOrEqual(3);
    });

    it.each(tests)('names a test that exists: $line', ({ match }) => {
      const [, , path, title] = match!;
      const source = readFileSync(fileOf(path), 'utf8').replace(/\\'/g, "'");
      expect(path).toMatch(/\.(test|spec)\.tsx?$/);
      expect(titlesIn(source)).toContain(title);
    });
  });
});

/** Every string in a file of tests: titles stand in calls and in tables. */
function titlesIn(source: string): string[] {
  return [
    ...source.matchAll(/'((?:[^'\n]|\w'\w)+)'|"([^"\n]+)"|`([^`]+)`/g),
  ].map(([, single, double, template]) => single ?? double ?? template);
}
