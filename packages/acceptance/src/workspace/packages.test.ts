import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parse, parseAllDocuments } from 'yaml';

const ROOT = resolve(__dirname, '../../../..');

interface Package {
  name: string;
  private?: boolean;
  license?: string;
  backstage: { role: string; pluginId?: string; pluginPackages?: string[] };
}

const folders = ['plugins', 'packages'].flatMap(parent =>
  readdirSync(join(ROOT, parent))
    .map(name => `${parent}/${name}`)
    .filter(folder => existsSync(join(ROOT, folder, 'package.json'))),
);

const packages = folders.map(folder => ({
  folder,
  manifest: JSON.parse(
    readFileSync(join(ROOT, folder, 'package.json'), 'utf8'),
  ) as Package,
}));

describe('the workspace', () => {
  it.each(packages)(
    'has a catalog entity for $folder',
    ({ folder, manifest }) => {
      const entity = parse(
        readFileSync(join(ROOT, folder, 'catalog-info.yaml'), 'utf8'),
      );

      expect(entity.metadata.title).toBe(manifest.name);
      expect(entity.spec.type).toBe(`backstage-${manifest.backstage.role}`);
    },
  );

  it('names all of them in the catalog file at its root', () => {
    const [location] = parseAllDocuments(
      readFileSync(join(ROOT, 'catalog-info.yaml'), 'utf8'),
    ).map(document => document.toJS());

    expect([...location.spec.targets].sort()).toEqual(
      folders.map(folder => `./${folder}/catalog-info.yaml`).sort(),
    );
  });

  it('has one licence', () => {
    for (const { manifest } of packages) {
      expect([manifest.name, manifest.license]).toEqual([
        manifest.name,
        'Apache-2.0',
      ]);
    }
  });

  it('publishes packages that know each other', () => {
    const published = packages
      .map(({ manifest }) => manifest)
      .filter(manifest => !manifest.private);

    for (const { backstage } of published) {
      expect(backstage.pluginId).toBe('kubernetes-access');
      expect([...(backstage.pluginPackages ?? [])].sort()).toEqual(
        published.map(({ name }) => name).sort(),
      );
    }
  });

  it('has a lockfile that names no registry', () => {
    expect(readFileSync(join(ROOT, 'yarn.lock'), 'utf8')).not.toMatch(
      /https?:\/\//,
    );
  });
});
