import type { BrowserContext } from '@playwright/test';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, extname, join } from 'node:path';
import { readDemo } from './demo';

const CONTENT_TYPES: Record<string, string> = {
  '.css': 'text/css',
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.svg': 'image/svg+xml',
};

/** An app of this workspace that has been built. */
export class BuiltApp {
  readonly #dist: string;

  /** @throws Error when it has not been built: these tests never skip */
  constructor(readonly name: string) {
    this.#dist = join(dirname(require.resolve(`${name}/package.json`)), 'dist');
    if (!existsSync(join(this.#dist, 'index.html'))) {
      throw new Error(
        `packages/${name} has not been built: run 'yarn build' there, or 'npm test -- acceptance' at the root`,
      );
    }
  }

  /**
   * Has a browser get this app instead of the demo's own, at the demo's address, as if the back end served it. The
   * API stays the demo's.
   */
  async serveTo(context: BrowserContext): Promise<void> {
    const { origin } = new URL(readDemo().url);
    const isPage = (url: URL) =>
      url.origin === origin && !url.pathname.startsWith('/api/');
    await context.route(isPage, route => {
      const { pathname } = new URL(route.request().url());
      const file = this.#fileFor(pathname);
      return route.fulfill({
        body: readFileSync(file),
        contentType: CONTENT_TYPES[extname(file)] ?? 'application/octet-stream',
      });
    });
  }

  /** Every address that is no file is a page of the app. */
  #fileFor(pathname: string): string {
    const file = join(this.#dist, pathname);
    return extname(file) && existsSync(file)
      ? file
      : join(this.#dist, 'index.html');
  }
}
