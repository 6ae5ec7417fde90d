import { eachMapping, TraceMap } from '@jridgewell/trace-mapping';
import type { EachMapping } from '@jridgewell/trace-mapping';
import type { Page, Request } from '@playwright/test';
import { gzipSync } from 'node:zlib';

/** How much of a page's scripts comes from certain source files. */
export interface Weight {
  /** As the browser runs it. */
  bytes: number;
  /** As it would travel: each script's part compressed by itself. */
  gzipped: number;
  /** The source files, for the failure's message. */
  sources: string[];
}

const NOTHING: Weight = { bytes: 0, gzipped: 0, sources: [] };

/** What a page has asked for over the network, by the browser's own account. */
export class Traffic {
  #calls: string[] = [];
  #scripts: string[] = [];
  readonly #texts = new Map<string, Promise<string>>();

  private constructor(private readonly page: Page) {}

  static watch(page: Page): Traffic {
    const traffic = new Traffic(page);
    page.on('request', request => traffic.#note(request));
    return traffic;
  }

  /** The calls of an API plugin since the last {@link forget}, as `GET /counts`. */
  callsOf(pluginId: string): string[] {
    const prefix = `/api/${pluginId}`;
    return this.#calls
      .filter(call => call.includes(` ${prefix}/`))
      .map(call => call.replace(prefix, ''));
  }

  /** How much of the scripts loaded since the last {@link forget} comes from sources that match. */
  async weightOf(sources: RegExp): Promise<Weight> {
    const weights = await Promise.all(
      this.#scripts.map(async url =>
        weigh(await this.#read(url), await this.#read(`${url}.map`), sources),
      ),
    );
    return weights.reduce(
      (sum, weight) => ({
        bytes: sum.bytes + weight.bytes,
        gzipped: sum.gzipped + weight.gzipped,
        sources: [...sum.sources, ...weight.sources],
      }),
      NOTHING,
    );
  }

  forget(): void {
    this.#calls = [];
    this.#scripts = [];
  }

  #note(request: Request): void {
    const { pathname } = new URL(request.url());
    this.#calls.push(`${request.method()} ${pathname}`);
    if (request.resourceType() === 'script') {
      this.#scripts.push(request.url());
    }
  }

  /** Through the page, so that it is what the page was served. */
  #read(url: string): Promise<string> {
    const known = this.#texts.get(url);
    if (known) {
      return known;
    }
    const text = this.page.evaluate(async address => {
      const response = await fetch(address);
      return response.ok ? response.text() : '';
    }, url);
    this.#texts.set(url, text);
    return text;
  }
}

/** By the source map; a script without one is somebody else's. */
function weigh(script: string, map: string, sources: RegExp): Weight {
  if (!map.startsWith('{')) {
    return NOTHING;
  }
  const trace = new TraceMap(map);
  if (!trace.sources.some(source => source && sources.test(source))) {
    return NOTHING;
  }
  const lines = script.split('\n');
  const mappings: EachMapping[] = [];
  eachMapping(trace, mapping => mappings.push(mapping));
  const parts = mappings.flatMap((mapping, index) => {
    const { source, generatedLine, generatedColumn } = mapping;
    if (!source || !sources.test(source)) {
      return [];
    }
    const next = mappings[index + 1];
    const end =
      next?.generatedLine === generatedLine ? next.generatedColumn : undefined;
    const text = lines[generatedLine - 1].slice(generatedColumn, end);
    return [{ source, text }];
  });
  if (parts.length === 0) {
    return NOTHING;
  }
  const text = parts.map(part => part.text).join('');
  return {
    bytes: text.length,
    gzipped: gzipSync(text).length,
    sources: [...new Set(parts.map(part => part.source))],
  };
}
